"""Groups of customers: listed, created, changed and deleted by the rules of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.forms import Faults, sentences, submitted, text_of
from sijill.customers.selection import COUNTED, Count, Exactly, count_of
from sijill.errors import Invalid
from sijill.groups.fields import changed, read_features, read_group
from sijill.groups.model import SYMBOLS, TYPES, Condition, Group
from sijill.http.query import parse_paging, parse_query
from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit

PAGE = 25
"""Groups of a page; the members of each are counted."""

ROWS = 3
"""Empty rows for conditions that a form offers."""

FEATURES = {"payment_method": "payment_method", "shipping": "shipping_method"}
"""Features of a group, and their fields: browsers take `name` and `shipping` for an address."""

NUMBERS = ("value", "min_value", "max_value")


@dataclass(frozen=True)
class GroupPages:
    """Answers with the groups of a store."""

    desk: Desk

    async def index(self, request: Request, visit: Visit) -> Response:
        """Answer with a page of groups, by id. Raises: Unavailable."""
        paging = parse_paging(parse_query(request.query), PAGE)
        offset = (paging.page - 1) * PAGE
        page = await self.desk.register.groups.page(visit.store.id, offset=offset, limit=PAGE)
        more = offset + len(page.groups) < page.total
        return show(
            visit,
            "groups.html",
            "nav_groups",
            groups=[(group, *await self._members(visit, group)) for group in page.groups],
            total=page.total,
            previous=f"?page={paging.page - 1}" if paging.page > 1 else None,
            next=f"?page={paging.page + 1}" if more and page.groups else None,
        )

    async def new(self, request: Request, visit: Visit) -> Response:
        """Answer with an empty form."""
        return await self._form(visit, None, _values(Group(0)), Faults())

    async def create(self, request: Request, visit: Visit) -> Response:
        """Make a group. Raises: BadRequest; ForgedForm; Unavailable."""
        form = await submitted(request, visit)
        try:
            made = changed(Group(0), read_group(_body(form)))
            groups = self.desk.register.groups.by(visit.cause)
            written = await groups.create(visit.store.id, made)
        except Invalid as fault:
            return await self._form(visit, None, _sent(form), sentences(request, fault))
        return go(visit, f"/groups/{written.group.id}", "done_group_created")

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with one group. Raises: NotFound; Unavailable."""
        group = await self._find(visit)
        return await self._form(visit, group, _values(group), Faults())

    async def update(self, request: Request, visit: Visit) -> Response:
        """
        Change a group; of the default one its features alone.

        Raises: BadRequest; ForgedForm; NotFound; Unavailable.
        """
        form, group = await submitted(request, visit), await self._find(visit)
        body = _body(form)
        try:
            if group.is_default:
                values: dict[str, Any] = {"features": read_features({"features": body["features"]})}
            else:
                values = read_group(body)
            groups = self.desk.register.groups.by(visit.cause)
            await groups.change(visit.store.id, group.id, lambda old: changed(old, values))
        except Invalid as fault:
            return await self._form(visit, group, _sent(form), sentences(request, fault))
        return go(visit, f"/groups/{group.id}", "done_group_saved")

    async def delete(self, request: Request, visit: Visit) -> Response:
        """Delete a group; its customers stay. Raises: BadRequest; ForgedForm; NotFound."""
        await submitted(request, visit)
        group = await self._find(visit)
        try:
            groups = self.desk.register.groups.by(visit.cause)
            await groups.delete(visit.store.id, group.id)
        except Invalid as fault:
            return await self._form(visit, group, _values(group), sentences(request, fault))
        return go(visit, "/groups", "done_group_deleted")

    async def _members(self, visit: Visit, group: Group) -> tuple[int | None, Count]:
        """Return the number of an exact count of the members, None for any other, and the count."""
        groups = self.desk.register.groups
        number = await groups.count_members(visit.store.id, group.id, COUNTED)
        count = count_of(number, COUNTED)
        return (count.number if isinstance(count, Exactly) else None), count

    async def _find(self, visit: Visit) -> Group:
        return await self.desk.register.groups.find(visit.store.id, visit.id_at(1))

    async def _form(
        self, visit: Visit, group: Group | None, values: Mapping[str, Any], faults: Faults
    ) -> Response:
        return show(
            visit,
            "group.html",
            "nav_groups",
            status=422 if faults else 200,
            group=group,
            members=await self._members(visit, group) if group else None,
            action=visit.at("/groups/new" if group is None else f"/groups/{group.id}"),
            values=values,
            faults=faults,
            types=TYPES,
            symbols=list(SYMBOLS),
            editable=visit.may("change_customers"),
        )


def _values(group: Group) -> dict[str, Any]:
    """Return the fields of a group as its form shows them."""
    conditions = [_texts(condition) for condition in group.conditions]
    return {
        "name": group.name,
        "conditions": conditions + [_EMPTY] * ROWS,
        "payment_method": "\n".join(group.features.payment_method),
        "shipping": "\n".join(group.features.shipping),
    }


_EMPTY = {"type": "", "symbol": ">", **dict.fromkeys(NUMBERS, "")}


def _texts(condition: Condition) -> dict[str, str]:
    numbers = {name: f"{getattr(condition, name):g}" for name in NUMBERS}
    is_between = condition.symbol == "between"
    shown = {n: v if (n == "value") is not is_between else "" for n, v in numbers.items()}
    return {"type": condition.type, "symbol": condition.symbol, **shown}


def _rows(form: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows of conditions of a form that name a type."""
    given = form.get("conditions", [])
    rows: Sequence[Any] = given if isinstance(given, list) else []
    return [row for row in rows if isinstance(row, dict) and row.get("type")]


def _body(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of the API that a form of a group stands for."""
    features = {
        name: [line.strip() for line in text_of(form, field).splitlines() if line.strip()]
        for name, field in FEATURES.items()
    }
    conditions = [{k: v for k, v in row.items() if v != ""} for row in _rows(form)]
    return {"name": text_of(form, "group_name"), "conditions": conditions, "features": features}


def _sent(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a form as they were sent."""
    rows = [{name: text_of(row, name) for name in _EMPTY} for row in _rows(form)]
    texts = {name: text_of(form, field) for name, field in FEATURES.items()}
    texts["name"] = text_of(form, "group_name")
    return texts | {"conditions": rows + [_EMPTY] * ROWS}
