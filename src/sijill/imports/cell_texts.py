"""A cell as text, for the formats that know nothing else."""

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()


def text_of(name: str, cell: Any) -> str:
    """
    Return a JSON value of the named column as text.

    Null is empty, a truth value true or false, groups are joined by `;`, other JSON is JSON text.
    """
    match cell:
        case None:
            return ""
        case str():
            return cell
        case list() if name == "groups":
            return ";".join(map(str, cell))
        case _:
            return _encoder.encode(cell).decode()
