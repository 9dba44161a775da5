"""The names that were sent and never read, and the nearest known one, for every operation."""

import json
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from fixtures.routes import ROUTES
from sandbox.conftest import SandboxWorld

from sijill.customers.examples import AHMED
from sijill.demo import GROUPS
from sijill.description.operations import parameters_of
from sijill.http.query import parse_query
from sijill.http.router import Route
from sijill.oauth.bodies import READ
from sijill.openapi.operation import FORM, JSON, MULTIPART
from sijill.sandbox.nearest import nearest_operation
from sijill.sandbox.operations import OPERATIONS
from sijill.sandbox.unread import MAX_NAMES, known
from sijill.stores.countries import countries

pytestmark = pytest.mark.proves(
    "the journal of the sandbox names every parameter and field that nobody reads, and no other"
)

ROUTES_BY_OP = {
    OPERATIONS[route.method, route.path]: route
    for route in ROUTES
    if (route.method, route.path) in OPERATIONS
}
BOUNDARY = "b"
IDS = {
    "customer": AHMED.id,
    "group": GROUPS[0].id,
    "country": next(iter(countries())),
}
"""The ids of what is there, by the parameter of a path."""


class Sent(NamedTuple):
    """A request that says all that the description of its operation has, and more."""

    route: Route
    query: dict[str, str]
    fields: dict[str, Any]
    webhook: int = 0

    def to(self, sandbox: SandboxWorld, token: str = "") -> Any:
        """Send it, and return its answer."""
        path = self.route.path.format(**IDS, webhook=self.webhook)
        address = f"{path}?{urlencode(self.query)}" if self.query else path
        body, kind = self._body()
        headers = {"authorization": f"Bearer {token or sandbox.token}"} | kind
        return sandbox.send(self.route.method, address, body, **headers)

    def _body(self) -> tuple[bytes, dict[str, str]]:
        if not self.fields:
            return b"", {}
        kinds = (JSON,) if self.route.body is None else self.route.body.media_types
        if JSON in kinds:
            return json.dumps(self.fields).encode(), {"content_type": JSON}
        if FORM in kinds:
            return urlencode(self.fields).encode(), {"content_type": FORM}
        parts = "".join(map(part, self.fields.items()))
        kind = f"{MULTIPART}; boundary={BOUNDARY}"
        return f"{parts}--{BOUNDARY}--\r\n".encode(), {"content_type": kind}


def part(field: tuple[str, Any]) -> str:
    name, value = field
    file = '; filename="customers.csv"' if name == "file" else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n'


def full(op: str) -> Sent:
    """Return a request with every parameter and every field that the description has."""
    route = ROUTES_BY_OP[op]
    query = {
        one.name: value_of(one.example) for one in parameters_of(route) if one.place == "query"
    }
    examples = {} if route.body is None else route.body.examples
    fields: dict[str, Any] = {}
    for example in examples.values():
        fields |= example["value"]
    schema = {} if route.body is None else route.body.schema["properties"]
    return Sent(route, query, dict.fromkeys(schema) | fields)


def value_of(example: Any) -> str:
    return ",".join(example) if isinstance(example, list) else str(example or "")


def told(sandbox: SandboxWorld) -> dict[str, Any]:
    requests = sandbox.control("GET", "ns/default/requests").json["requests"]
    last: dict[str, Any] = requests[-1]
    return last


def kinds(route: Route) -> tuple[str, ...]:
    return () if route.body is None else route.body.media_types


OPS = sorted(ROUTES_BY_OP)
assert set(OPS) == set(OPERATIONS.values())


HOOK = {"event": "customer.created", "url": "http://127.0.0.1:9/"}


@pytest.fixture(scope="module")
def shared() -> Any:
    world = SandboxWorld()
    yield world
    world.close()


@pytest.mark.parametrize("op", OPS)
def test_everything_that_the_description_has_is_read(shared: SandboxWorld, op: str) -> None:
    full(op).to(shared)
    entry = told(shared)
    assert (entry["op"], entry["unread"], entry["nearest"]) == (op, [], {})


@pytest.mark.parametrize("op", OPS)
def test_what_the_description_lacks_is_never_read(shared: SandboxWorld, op: str) -> None:
    sent = full(op)
    sent.query["zzz"] = sent.fields["qqq"] = "1"
    sent.to(shared)
    entry = told(shared)
    assert (entry["op"], entry["unread"]) == (op, ["?zzz", "body.qqq"])


@pytest.mark.parametrize("op", [op for op in OPS if JSON in kinds(ROUTES_BY_OP[op])])
def test_every_field_of_the_description_is_read_indeed(shared: SandboxWorld, op: str) -> None:
    """A value that no field takes is refused, under the name of its field."""
    route, fields = ROUTES_BY_OP[op], full(op).fields
    if op == "oauth.token":
        assert fields.keys() == READ
        return
    token = shared.create(op)["token"]
    hook = shared.ask("POST", "/webhooks/subscribe", token, HOOK).json["data"]["id"]
    for name in fields:
        sent = Sent(route, {}, fields | {name: [{"zzz": 1}, 2]}, hook)
        answer = sent.to(shared, token)
        assert answer.status == 422, answer.body
        assert name in {place.partition(".")[0] for place in answer.json["error"]["fields"]}


def test_names_that_nobody_reads_change_no_answer(shared: SandboxWorld) -> None:
    sent = full("customers.update")
    answer = sent.to(shared)
    strayed = Sent(sent.route, {"zzz": "1"}, sent.fields | {"qqq": 1}).to(shared)
    assert (strayed.status, strayed.body) == (answer.status, answer.body)
    assert strayed.headers.keys() == answer.headers.keys()


CONDITIONS = {"conditions": [{"type": "total_sales", "tpye": 1}, {"type": "total_sales"}]}


@pytest.mark.parametrize(
    ("op", "query", "body", "unread", "nearest"),
    [
        ("customers.list", "perpage=5", "", ["?perpage"], {"?perpage": "?per_page"}),
        (
            "customers.list",
            "page=2?per_page=40&perPage=1",
            "",
            ["?perPage"],
            {"?perPage": "?per_page"},
        ),
        ("customers.list", "fields[]=emial", "", ["?fields[]=emial"], {}),
        (
            "customers.details",
            "fields[0]=walet_balance,is_blocked&fields=",
            "",
            ["?fields[0]=walet_balance"],
            {"?fields[0]=walet_balance": "?fields[0]=wallet_balance"},
        ),
        ("customers.details", "field[]=is_blocked", "", ["?field[]"], {"?field[]": "?fields[]"}),
        ("changes.list", "event[]=customer.created&event=customer.updated", "", [], {}),
        ("changes.list", "event[0]=customer.created", "", ["?event[0]"], {"?event[0]": "?event"}),
        (
            "customers.create",
            "",
            {"mobil": "1", "firstName": "S", "first_name": "S"},
            ["body.mobil", "body.firstName"],
            {"body.mobil": "body.mobile", "body.firstName": "body.first_name"},
        ),
        ("customers.create", "email=s@example.com", {}, ["?email"], {"?email": "body.email"}),
        (
            "points.list",
            "",
            {"customer_id": 5},
            ["body.customer_id"],
            {"body.customer_id": "?customer_id"},
        ),
        (
            "groups.create",
            "",
            CONDITIONS,
            ["body.conditions.0.tpye"],
            {"body.conditions.0.tpye": "body.conditions.0.type"},
        ),
        ("customers.create", "", {"birthday": {"date": "2000-01-01"}}, [], {}),
        ("customers.create", "", b"{not json", [], {}),
        ("customers.create", "", b"[]", [], {}),
        ("customers.delete", "", b"{not json", ["body"], {}),
        ("customers.delete", "", {"reason": "x"}, ["body.reason"], {}),
        ("webhooks.update", "", {"event": "customer.created"}, ["body.event"], {}),
    ],
)
def test_a_stray_name_has_its_place_and_the_nearest_known_one(
    op: str, query: str, body: Any, unread: list[str], nearest: dict[str, str]
) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body != "" else b""
    found = known(ROUTES_BY_OP[op]).unread(parse_query(query.encode()), raw, JSON)
    assert [*found.names] == unread
    assert dict(found.nearest) == nearest


@pytest.mark.parametrize(
    ("op", "media_type", "body", "unread"),
    [
        ("customers.create", FORM, b"first_name=S&mobil=1&groups[]=5&groups[]=6", ["body.mobil"]),
        ("customers.create", f"{FORM}; charset=utf-8", b"mobil=1", ["body.mobil"]),
        ("groups.create", FORM, b"conditions[0][tpye]=1", ["body.conditions.0.tpye"]),
        ("customers.create", "text/plain", b'{"mobil": 1}', ["body.mobil"]),
        ("customers.create", None, b'{"mobil": 1}', ["body.mobil"]),
        ("oauth.token", None, b"grant_typ=1&code=2", ["body.grant_typ"]),
        ("oauth.token", JSON, b'{"grant_typ": 1}', ["body.grant_typ"]),
    ],
)
def test_a_body_is_read_as_its_route_reads_it(
    op: str, media_type: str | None, body: bytes, unread: list[str]
) -> None:
    assert [*known(ROUTES_BY_OP[op]).unread((), body, media_type).names] == unread


@pytest.mark.parametrize(
    ("files", "texts", "unread"),
    [
        (["file"], [], []),
        (["customers"], [], []),
        (["file", "other"], [], ["body.other"]),
        (["one", "two"], [], ["body.one", "body.two"]),
        (["file"], ["notify"], ["body.notify"]),
        ([], ["file"], []),
    ],
)
def test_of_an_upload_the_only_file_is_read(
    files: list[str], texts: list[str], unread: list[str]
) -> None:
    head = "--b\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"; filename="f.csv"\r\n\r\nx\r\n' for name in files]
    parts += [f'{head}"{name}"\r\n\r\nx\r\n' for name in texts]
    body = "".join([*parts, "--b--\r\n"]).encode()
    found = known(ROUTES_BY_OP["customers.import"]).unread((), body, f"{MULTIPART}; boundary=b")
    assert [*found.names] == unread


def test_many_names_are_told_in_part() -> None:
    body = json.dumps({"x" * 1_000 + str(number): 1 for number in range(100)}).encode()
    found = known(ROUTES_BY_OP["customers.create"]).unread((), body, JSON)
    assert (found.names[-1], len(found.names)) == ("…", 2)
    body = json.dumps({f"x{number}": 1 for number in range(100)}).encode()
    found = known(ROUTES_BY_OP["customers.create"]).unread((), body, JSON)
    assert (found.names[-1], len(found.names)) == ("…", MAX_NAMES + 1)


@pytest.mark.parametrize(
    ("method", "path", "near"),
    [
        ("GET", "/custmers", "GET /customers"),
        ("GET", "/admin/v2/custmer/5", "GET /customers/{customer}"),
        ("GET", "/customers/", "GET /customers"),
        ("PATCH", "/customers/5", "PUT /customers/{customer}"),
        ("POST", "/customers/group", "POST /customers/groups"),
        ("POST", "/oauth/token", "POST /oauth2/token"),
        ("GET", "/nothing/of/ours/at/all", None),
        ("GET", "/" + "x" * 5_000, None),
    ],
)
def test_a_request_without_a_route_has_the_nearest_operation(
    method: str, path: str, near: str | None
) -> None:
    assert nearest_operation(method, path) == near
