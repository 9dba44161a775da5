"""What a route says of itself beside how it is served: parameters, body, answers."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sijill.errors import Fault
from sijill.localized import Localized
from sijill.openapi.keys import Json

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
HTML = "text/html"

MAX_ROWS = 60
"""Rows on a page of a list."""

Examples = Callable[[str], Json]
"""From the server's address to OpenAPI examples; called when the description is asked for."""


def no_examples(base: str) -> Json:
    """Return no example: a body that nobody reads."""
    return {}


class Parameter(NamedTuple):
    """A parameter of an operation; an id in a path among them."""

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
    """The envelope of a success: `status`, `success`, `data`, and what stands beside them."""

    data: Any
    """The type of `data`."""
    status: int = 200
    component: str = ""
    """Its name among the description's schemas; "" describes it where it stands."""
    paged: bool = False
    """Whether `data` is a page of a list, and `pagination` stands behind it."""
    beside: Mapping[str, Any] = {}
    """Further keys and their types."""


class Body(NamedTuple):
    """What one media type of an answer holds: a type as `Schemas.of` takes it, and examples."""

    kind: Any
    examples: Examples = no_examples


class Answer(NamedTuple):
    """
    One answer of an operation that it shares with no other.

    The headers are those beside what every answer of such a route has. Where there are `faults`,
    it is a refusal, and its content is theirs.
    """

    text: Localized
    content: Mapping[str, Body] = {}
    headers: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    """Headers that only some of these answers carry."""
    faults: tuple[Fault, ...] = ()


class Request(NamedTuple):
    """The body of a request."""

    component: str
    """The name of its schema among the description's components."""
    schema: Json
    """A JSON Schema with `properties` and `required`, descriptions as Localized."""
    examples: Json
    """OpenAPI examples, their values as JSON has them."""
    required: bool = True
    media_types: tuple[str, ...] = (JSON, FORM)
    """A form is described with `name[]` for every list."""


def answer(text: Localized, kind: Any, examples: Examples = no_examples, *headers: str) -> Answer:
    """Return an answer in JSON; `kind` is a type as `Schemas.of` takes it."""
    return Answer(text, {JSON: Body(kind, examples)}, headers)


def refused(text: Localized, *faults: Fault) -> Answer:
    """Return a refusal of one operation, with an example of each of the faults."""
    return Answer(text, faults=faults)
