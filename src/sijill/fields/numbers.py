"""Kinds of number: ids, counts, amounts, balances; and the flag."""

import re
from functools import lru_cache, partial
from typing import Any

from sijill.fields.doors import (
    MAX_COUNT,
    body_id,
    body_integer,
    cell_id,
    cell_token,
    plain_text,
    read_float,
    whole_digits,
)
from sijill.fields.field import Kind
from sijill.fields.form import Refused
from sijill.fields.lists import read_list

_COUNT = re.compile(r"[0-9]{1,19}", re.ASCII)


def read_number(value: Any, *, min_value: float, max_value: float) -> float:
    """Return a finite number of a body, within the bounds. Raises: Refused."""
    number = read_float(value)
    if number is None:
        raise Refused("numeric")
    if not min_value <= number <= max_value:
        raise Refused(f"between:{min_value:g} - {max_value:g}")
    return number


def integer(min_value: int, max_value: int) -> Kind:
    """Return a whole number of a body within these bounds."""

    def read(value: Any) -> int:
        number = body_integer(value)
        if number is None:
            raise Refused("integer")
        if not min_value <= number <= max_value:
            raise Refused(f"between:{min_value} - {max_value}")
        return number

    return Kind({"type": ["string", "integer"]}, read)


def number(min_value: float, max_value: float) -> Kind:
    """Return a finite number of a body within these bounds."""
    schema = {"type": ["number", "string"], "minimum": min_value, "maximum": max_value}
    return Kind(schema, partial(read_number, min_value=min_value, max_value=max_value))


ID = Kind(parse=cell_id)


def ids(max_items: int, noun: str = "ids", **more: Any) -> Kind:
    """
    Return a list of ids; a body's list keeps its order, so that a fault names the place of its id.

    `noun` stands for the ids in the sentence about a cell, `more` belongs to the schema.
    The column holds the ids joined by commas, in any order and perhaps twice.
    """

    def parse(cell: Any) -> tuple[int, ...]:
        items = cell if isinstance(cell, list) else cell_token(cell).split(";")
        if len(items) > max_items:
            raise ValueError(f"names more than {max_items} {noun}")
        return tuple(sorted({cell_id(item) for item in items}))

    return Kind(
        {"type": "array", "items": {"type": ["string", "integer"]}, "maxItems": max_items, **more},
        lambda value: tuple(read_list(value, max_items=max_items, read_item=body_id)),
        parse,
        cell=list,
        text=_joined,
        load=load_ids,
    )


def _joined(cell: Any) -> str:
    return ";".join(map(str, cell)) if isinstance(cell, list) else plain_text(cell)


@lru_cache(maxsize=256)  # many customers are in the same groups
def load_ids(text: str | None) -> tuple[int, ...]:
    """Return the ids of a column, ascending."""
    if not text:
        return ()
    return tuple(sorted(set(map(int, text.split(",")))))


def _parse_count(cell: Any) -> int:
    token = whole_digits(cell_token(cell))
    if not _COUNT.fullmatch(token) or int(token) > MAX_COUNT:
        raise ValueError("is not a count: a whole number from 0 to 2^53-1")
    return int(token)


def _parse_amount(cell: Any) -> float:
    number = read_float(cell)
    if number is None:
        raise ValueError("is not a number")
    return float(number)


def read_flag(value: Any) -> bool | None:
    """Return the flag that a body or a cell has as flag, number or text, else None."""
    return _FLAGS.get(whole_digits(str(value)).lower())


def _parse_flag(cell: Any) -> bool:
    flag = read_flag(cell)
    if flag is None:
        raise ValueError("is neither true nor false")
    return flag


_FLAGS = {"true": True, "false": False, "1": True, "0": False, "نعم": True, "لا": False}

COUNT = Kind(parse=_parse_count)
AMOUNT = Kind(parse=_parse_amount)
FLAG = Kind(parse=_parse_flag, load=bool)
"""A flag; SQLite stores it as 0 or 1."""


def balance(max_value: float, sentence: str) -> Kind:
    """Return a ledger's balance, in any currency's decimals; `sentence` refuses any other cell."""

    def parse(cell: Any) -> float:
        amount = _parse_amount(cell)
        if not 0 <= amount <= max_value or round(amount, 3) != amount:
            raise ValueError(sentence)
        return amount

    return Kind(parse=parse)
