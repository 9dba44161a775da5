"""Copies of the log outside the database: a file of heads and blocks, which is verified alike."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import BinaryIO

import msgspec
from msgspec import Struct

from sijill.audit.chain import Anchor, Block, Finding, Head, Verification
from sijill.audit.table import AuditTable

PASSES = 2
"""A fault of the log is found in every pass; a server at work differs from pass to pass."""


class BadCopy(ValueError):
    """A file is no copy of an audit log; the message says in which line."""


class _Head(Struct, tag="head", tag_field="line"):
    chain: str
    number: int
    hash: str
    base: int
    base_hash: str


class _Block(Struct, tag="block", tag_field="line"):
    chain: str
    number: int
    begun_at: int
    ended_at: int
    hash: str
    body: str


_decoder = msgspec.json.Decoder(_Head | _Block)


async def copied(table: AuditTable, *, heads_alone: bool = False) -> AsyncIterator[bytes]:
    """
    Yield the lines of a copy: the heads as they are now, then the blocks that they lead to.

    Raises: Unavailable.
    """
    heads = {head.chain: head for head in await table.heads()}
    for head in heads.values():
        digests = {"hash": head.hash.hex(), "base_hash": head.base_hash.hex()}
        yield _line(_Head(head.chain, head.number, base=head.base, **digests))
    if heads_alone:
        return
    async for block in table.blocks():
        last = heads.get(block.chain)
        if last is not None and block.number <= last.number:
            times = (block.begun_at, block.ended_at)
            body = block.body.decode("utf-8", "replace")  # one that is not text does not verify
            yield _line(_Block(block.chain, block.number, *times, block.hash.hex(), body))


def _line(record: _Head | _Block) -> bytes:
    return msgspec.json.encode(record) + b"\n"


class Copy:
    """A copy in a file: its heads, and its blocks, each of which is read once."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises: BadCopy."""
        self._records = _read(file)
        self._first: _Block | None = None
        self.heads: list[Head] = []
        for record in self._records:
            if isinstance(record, _Block):
                self._first = record
                break
            self.heads.append(_head(record))

    def blocks(self) -> Iterator[Block]:
        """Yield every block. Raises: BadCopy."""
        if self._first is not None:
            yield _block(self._first)
        for record in self._records:
            if isinstance(record, _Head):
                raise BadCopy("a head stands behind a block")
            yield _block(record)

    @property
    def anchors(self) -> list[Anchor]:
        """The heads as places that a later state of the log must lead through."""
        return anchors_of(self.heads)


def anchors_of(heads: Iterable[Head]) -> list[Anchor]:
    """Return heads as places that a later state of the log must lead through."""
    return [Anchor(head.chain, head.number, head.hash) for head in heads if head.number]


def verify_copy(copy: Copy, anchors: Iterable[Anchor] = ()) -> Verification:
    """Return the verification of a copy, at its end. Raises: BadCopy."""
    verification = Verification(copy.heads, anchors)
    for block in copy.blocks():
        verification.add(block)
    verification.end(copy.heads)
    return verification


async def verify(table: AuditTable, anchors: Sequence[Anchor] = ()) -> Verification:
    """
    Return the verification of the log, at its end, with the findings of every one of some passes.

    Raises: Unavailable.
    """
    found: set[Finding] | None = None
    for _ in range(PASSES):
        verification = Verification(await table.heads(), anchors)
        async for block in table.blocks():
            verification.add(block)
        verification.end(await table.heads())
        found = {*verification.findings} if found is None else found & {*verification.findings}
        if not found:
            break
    verification.findings = sorted(found or ())
    return verification


def _read(file: BinaryIO) -> Iterator[_Head | _Block]:
    for number, line in enumerate(file, 1):
        try:
            yield _decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise BadCopy(f"line {number} is no line of a copy") from None


def _head(record: _Head) -> Head:
    digests = _digest(record.hash), _digest(record.base_hash)
    return Head(record.chain, record.number, digests[0], record.base, digests[1])


def _block(record: _Block) -> Block:
    times = (record.begun_at, record.ended_at)
    return Block(record.chain, record.number, *times, record.body.encode(), _digest(record.hash))


def _digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadCopy("a hash is not hexadecimal") from None
