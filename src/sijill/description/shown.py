"""
What the page shows of the OpenAPI document: the variables of its templates.

An operation shows its own parameters, answers and headers, and names those that it shares with
others: the page explains them once. Those that every operation with a token has are not even
named with each.
"""

from collections import Counter
from typing import Any

from sijill.description.samples import samples
from sijill.openapi.keys import Json

Link = tuple[str, str]
"""The name of a shared component, and the text that leads to it."""


def groups(described: Json) -> list[Json]:
    """Return the tags in their order, each with the operations that have it."""
    every = operations(described)
    return [
        tag | {"operations": [one for one in every if tag["name"] in one["tags"]]}
        for tag in described["tags"]
    ]


def operations(described: Json) -> list[Json]:
    """Return the page's variables for each operation; a HEAD is not shown beside its GET."""
    shared, everywhere = {one["id"] for one in shared_parameters(described)}, common(described)
    return [
        _operation(path, method, item, described, shared, everywhere)
        for path, item, method, _ in _operations(described)
    ]


def common(described: Json) -> Json:
    """
    Return the parts that every operation with a token has.

    Shape: `parameters` and `answers`, pairs of a component's name and a text; `headers`, names.
    """
    admitted = [one for _, _, _, one in _operations(described) if _is_admitted(one)]
    read = [one for one in admitted if "200" in _own(one)]
    return {
        "parameters": _in_all(_parameters(one, described) for one in admitted),
        "answers": [
            (name, status)
            for name, status in _shared_answers(admitted[0])
            if all(
                (name, status) in _shared_answers(one) or status in _own(one) for one in admitted
            )
        ],
        "headers": _in_all([*_own(one)["200"]["headers"]] for one in read),
    }


def _is_admitted(operation: Json) -> bool:
    """Return whether an operation needs the access token of an app."""
    return any("bearer" in need for need in operation["security"])


def shared_parameters(described: Json) -> list[Json]:
    """Return the headers that more than one operation reads; `id` is the name of the component."""
    used = Counter(
        name
        for _, _, _, operation in _operations(described)
        for name, _ in _parameters(operation, described)
    )
    return [
        parameter | {"id": name}
        for name, parameter in described["components"]["parameters"].items()
        if parameter["in"] == "header" and used[name] > 1
    ]


def shared_answers(described: Json) -> list[Json]:
    """Return the answers that operations share, by status; each has its `id` and `status`."""
    statuses = dict(
        link for _, _, _, operation in _operations(described) for link in _shared_answers(operation)
    )
    shown = described["components"]["responses"]
    rows = [shown[name] | {"id": name, "status": status} for name, status in statuses.items()]
    return sorted(rows, key=lambda row: str(row["status"]))


def shared_headers(described: Json) -> list[Json]:
    """Return every header of answers; `on` has the statuses of the shared answers that have it."""
    answers = shared_answers(described)
    return [
        header
        | {
            "name": name,
            "on": [*dict.fromkeys(one["status"] for one in answers if name in one["headers"])],
        }
        for name, header in described["components"]["headers"].items()
    ]


def _operation(
    path: str, method: str, item: Json, described: Json, shared: set[str], everywhere: Json
) -> Json:
    operation: Json = item[method]
    own, parameters = _own(operation), _parameters(operation, described)
    admitted = _is_admitted(operation)
    omitted = everywhere if admitted else {part: [] for part in everywhere}
    needs = [] if admitted else [name for need in operation["security"] for name in need]
    known = described["components"]["parameters"]
    shown = operation | {
        "success": next(iter(own)),
        "sent": operation.get("requestBody", {}).get("content", {}),
        "method": method.upper(),
        "path": path,
        "servers": item.get("servers", described["servers"]),
        "scopes": [need["bearer"] for need in operation["security"] if need.get("bearer")],
        "needs": [described["components"]["securitySchemes"][name] for name in needs],
        "common": admitted,
        "parameters": [known[name] for name, _ in parameters if name not in shared],
        "shared_parameters": [
            link for link in parameters if link[0] in shared and link not in omitted["parameters"]
        ],
        "answers": own,
        "refusals": [answer | {"status": status} for status, answer in [*own.items()][1:]],
        "shared_answers": [
            link for link in _shared_answers(operation) if link not in omitted["answers"]
        ],
        "headers": [
            (name, on) for name, on in _headers(own).items() if name not in omitted["headers"]
        ],
    }
    return shown | {"samples": samples(path, method, shown)}


def _operations(described: Json) -> list[tuple[str, Json, str, Json]]:
    """Return path, item, method and operation of each operation but HEAD."""
    return [
        (path, item, method, operation)
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method not in ("servers", "head")
    ]


def _parameters(operation: Json, described: Json) -> list[Link]:
    known = described["components"]["parameters"]
    names = [_component(one) for one in operation["parameters"]]
    return [(name, known[name]["name"]) for name in names]


def _shared_answers(operation: Json) -> list[Link]:
    responses = operation["responses"].items()
    return [(_component(answer), status) for status, answer in responses if "$ref" in answer]


def _own(operation: Json) -> Json:
    """Return the answers of this operation alone, by status; the first is a success."""
    responses = operation["responses"].items()
    return {status: answer for status, answer in responses if "$ref" not in answer}


def _component(reference: Json) -> str:
    """Return the name of the component that a reference names."""
    name: str = reference["$ref"].rpartition("/")[2]
    return name


def _headers(answers: Json) -> dict[str, list[str]]:
    """Return the statuses that have each header; [] for all of these answers."""
    found: dict[str, list[str]] = {}
    for status, answer in answers.items():
        for name in answer["headers"]:
            found.setdefault(name, []).append(status)
    return {name: [] if len(on) == len(answers) else on for name, on in found.items()}


def _in_all(lists: Any) -> list[Any]:
    """Return the members of the first list that every list has."""
    first, *others = lists
    return [member for member in first if all(member in other for other in others)]
