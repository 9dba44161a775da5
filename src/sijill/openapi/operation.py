"""The description of a route: parameters, body, answers."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sijill.errors import Fault
from sijill.localized import Localized
from sijill.openapi.keys import Json

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
HTML = "text/html"
BINARY = "application/octet-stream"

MAX_ROWS = 60
"""Most rows on a page of a list."""

Examples = Callable[[str], Json]
"""From the server's address to OpenAPI examples; called when the description is built."""


def no_examples(base: str) -> Json:
    """Return no examples."""
    return {}


class Parameter(NamedTuple):
    """A parameter of an operation."""

    component: str
    """Its name among the description's components."""
    place: str
    """`path`, `query` or `header`."""
    name: str
    schema: Json
    text: Localized
    example: Any = None
    required: bool = False
    more: Mapping[str, Any] = {}
    """Further keywords of OpenAPI."""


class Envelope(NamedTuple):
    """The envelope of a success: `status`, `success`, `data`, and further keys."""

    data: Any
    """The type of `data`."""
    status: int = 200
    component: str = ""
    """Its name among the description's schemas; "" for a schema without a name."""
    paged: bool = False
    """Whether `data` is a page of a list, followed by `pagination`."""
    beside: Mapping[str, Any] = {}
    """Further keys and their types."""


class Body(NamedTuple):
    """The content of an answer in one media type: a type for `Schemas.of`, and examples."""

    kind: Any
    examples: Examples = no_examples


class Answer(NamedTuple):
    """
    One answer of this operation alone.

    `headers` leaves out those that all answers of such a route have. An answer with `faults` is a
    refusal, and gets its content from them.
    """

    text: Localized
    content: Mapping[str, Body] = {}
    headers: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    """Headers on only some of these answers."""
    faults: tuple[Fault, ...] = ()


class Request(NamedTuple):
    """The body of a request."""

    component: str
    """The name of its schema among the description's components."""
    schema: Json
    """A JSON Schema with `properties` and `required`, descriptions as Localized."""
    examples: Json
    """OpenAPI examples with JSON values."""
    required: bool = True
    media_types: tuple[str, ...] = (JSON, FORM, MULTIPART)
    """The description of a form writes `name[]` for every list."""


def answer(text: Localized, kind: Any, examples: Examples = no_examples, *headers: str) -> Answer:
    """Return an answer in JSON; `kind` is a type for `Schemas.of`."""
    return Answer(text, {JSON: Body(kind, examples)}, headers)


FAULTY = Localized("حقول غير صحيحة، تُذكر كلها معًا.", "Invalid fields, all named at once.")
"""The refusal of a body whose fields are faulty, where no other fault has the same status."""


def refused(text: Localized, *faults: Fault) -> Answer:
    """Return a refusal of one operation, with an example of each of the faults."""
    return Answer(text, faults=faults)
