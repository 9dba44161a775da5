"""The one family of faults. Each has a code, to which `http.errors` gives a status and a text."""

from collections.abc import Mapping, Sequence
from datetime import datetime


class Fault(Exception):
    """A request Sijill refuses. The caller sees a fixed sentence; the cause stays in the log."""

    code: str = "server_error"


class InvalidToken(Fault):
    """No token, or one that is unknown, expired or revoked; `why` says which, for operators."""

    code = "invalid_token"

    def __init__(self, why: str = "unknown token") -> None:
        super().__init__(why)
        self.why = why


class MissingScope(Fault):
    """The token is good; it does not hold the scope the route asks for."""

    code = "missing_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class WalletForbidden(Fault):
    """The app may not move money, with any scope."""

    code = "wallet_forbidden"


class NotFound(Fault):
    """No such path, or no such object in this store. The two look alike on the wire."""

    code = "not_found"


class Gone(Fault):
    """The object was kept once and is dropped; the client has to start again."""

    code = "gone"


class Held(Fault):
    """The customer's data must stay, for a reason of `privacy.holds`, until a moment."""

    code = "held"

    def __init__(self, reason: str, until: datetime) -> None:
        super().__init__(reason)
        self.reason, self.until = reason, until


class BadRequest(Fault):
    """The body cannot be read at all: it is not the JSON or the form it says it is."""

    code = "bad_request"


class PreconditionFailed(Fault):
    """The object is no longer the one that the client's `If-Match` names."""

    code = "precondition_failed"


class MethodNotAllowed(Fault):
    """The path exists, the method does not."""

    code = "method_not_allowed"

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(*allowed)
        self.allowed = tuple(allowed)


class TooManyRequests(Fault):
    """A limit is reached; `wait` is in whole seconds."""

    code = "too_many_requests"

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class Invalid(Fault):
    """
    Faulty fields, all of them at once.

    Shape: field name to the rules it broke, each as `name` or `name:value` (`max:25`);
    `fields.rules` holds the texts.
    """

    code = "invalid_fields"

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__(*fields)
        self.fields = fields


class Unavailable(Fault):
    """The database is away or the server is full: try again in `wait` whole seconds."""

    code = "service_unavailable"

    def __init__(self, wait: int = 1) -> None:
        super().__init__(wait)
        self.wait = wait


class NotStored(Fault):
    """The client wants only a stored answer (`only-if-cached`), and no stored answer fits."""

    code = "not_stored"


class Taken(Fault):
    """Another object already has the value of this `field`: an id, an e-mail, a URL, a name."""

    code = "taken"

    def __init__(self, field: str, *others: str, holder: int | None = None) -> None:
        """`holder` is the id of the object that has the value of `field`, if it is known."""
        super().__init__(field, *others)
        self.field, self.holder = field, holder
        self.fields = (field, *others)


class RequestTimeout(Fault):
    """The request did not arrive whole within the deadline."""

    code = "request_timeout"


class PayloadTooLarge(Fault):
    """The body is larger than the cap."""

    code = "payload_too_large"


class UriTooLong(Fault):
    """The request target is longer than the cap."""

    code = "uri_too_long"


class HeadersTooLarge(Fault):
    """The header section is larger than the cap."""

    code = "headers_too_large"


class NotHTTP(Fault):
    """Bytes that are no request of HTTP/1, or that two readers would read in two ways."""

    code = "not_http"
