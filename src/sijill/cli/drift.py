"""`sijill drift check`: whether upstream still answers as it did."""

from typing import Any

from msgspec import json

from sijill.cli.mirror_way import TARGETS, find_linked, patiently, upstreams
from sijill.cli.output import GAP, fail, say
from sijill.cli.register import STORE_OR_ONLY, Register, on_register
from sijill.cli.showing import Shown
from sijill.cli.tables import print_table
from sijill.mirror.model import FIELDS
from sijill.mirror.upstream.shapes import Endpoint, Shape, shape_of
from sijill.settings import Settings

Row = dict[str, Any]


def _show(rows: list[Row]) -> None:
    if rows:
        print_table(rows)
    say(f"{len(rows)} keys differ from what is known")


@on_register(
    STORE_OR_ONLY,
    settings=TARGETS,
    shown=Shown(_show, is_bad=lambda rows: any(row["seen"] == "now" for row in rows), code=GAP),
)
async def check_command(register: Register, store: str, settings: Settings) -> list[Row]:
    linked = await find_linked(register, store)
    before = await register.mirror_shapes.all(linked.store_id)
    lines = {(one.endpoint, *line) for one in before for line in _lines(one.shape)}
    async with upstreams(register, settings) as way:
        client = way.of(linked)
        page = await patiently(
            lambda: client.get("/customers", [("per_page", "60"), *FIELDS], "foreground")
        )
        found = {("customers.list", *line) for line in _lines(_shape("customers.list", page))}
        rows = json.decode(page.body)["data"] if page.status == 200 else []
        if rows:
            path = f"/customers/{rows[0]['id']}"
            one = await patiently(lambda: client.get(path, FIELDS, "foreground"))
            shape = _shape("customers.details", one)
            found |= {("customers.details", *line) for line in _lines(shape)}
    return [
        {
            "endpoint": line[0],
            "kind": line[1],
            "key": line[2],
            "seen": "before" if line in lines else "now",
        }
        for line in sorted(found)
    ]


def _shape(endpoint: Endpoint, reply: Any) -> Shape:
    if reply.status != 200:
        fail(f"upstream answers {reply.status}")
    return shape_of(endpoint, json.decode(reply.body))


def _lines(shape: Shape) -> list[tuple[str, str]]:
    kinds = {"unknown": shape.unknown, "missing": shape.missing, "retyped": shape.retyped}
    return [(kind, line) for kind, lines in kinds.items() for line in lines]
