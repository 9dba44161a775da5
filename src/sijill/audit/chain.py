"""
The chain of blocks: each block has the hash of the one before it in its own.

A process seals its entries in a chain of its own. A block that was changed, left out, put in or
moved gives another hash; a tail that was cut off ends before the head of its chain.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sijill.audit.model import DamagedEntry, decode

START = bytes(32)
"""The hash before the first block of a chain."""

HOUR = 3_600_000_000
"""Microseconds; the entries of one block are of one hour, so that a search by time finds them."""


class Head(NamedTuple):
    """The state of a chain: its last block, and the last one that was deleted by age."""

    chain: str
    number: int = 0
    hash: bytes = START
    base: int = 0
    """The number of the last block that was deleted by age; 0 before the first."""
    base_hash: bytes = START


class Block(NamedTuple):
    """Some entries of a process, sealed: lines in JSON, in the order of their sealing."""

    chain: str
    number: int
    """From 1 on, without a gap."""
    begun_at: int
    """The earliest moment of the entries, in microseconds of the UTC epoch."""
    ended_at: int
    """The latest one."""
    body: bytes
    hash: bytes


class Line(NamedTuple):
    """One encoded entry, and its moment in microseconds of the UTC epoch."""

    at: int
    text: bytes


class Anchor(NamedTuple):
    """A head as it was once, perhaps kept elsewhere: the chain must still lead through it."""

    chain: str
    number: int
    hash: bytes


FINDINGS: Mapping[str, str] = {
    "changed": "its content does not give its hash, after the block before it",
    "times": "its times are not those of its entries",
    "missing": "it is not there",
    "cut": "it is not there, though a head says so",
    "beyond": "it stands after the head of its chain",
    "unknown": "its chain has no head",
    "anchor": "it is not the block that a head names",
}
"""Every finding about a block."""


class Finding(NamedTuple):
    """A fault of the log."""

    chain: str
    number: int
    what: str
    """A row of FINDINGS."""


def block_after(head: Head, lines: Sequence[Line]) -> Block:
    """Return the block that seals the lines of at least one entry behind a head."""
    body = b"\n".join(line.text for line in lines)
    times = [line.at for line in lines]
    block = Block(head.chain, head.number + 1, min(times), max(times), body, b"")
    return block._replace(hash=block_hash(head.hash, block))


def by_hour(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield lines in the order of their moments, those of each hour together."""
    in_order = sorted(lines, key=lambda line: line.at)
    for _, group in groupby(in_order, key=lambda line: line.at // HOUR):
        yield [*group]


def head_with(head: Head, block: Block) -> Head:
    """Return the head of a chain after a block was added."""
    return head._replace(number=block.number, hash=block.hash)


def block_hash(before: bytes, block: Block) -> bytes:
    """Return the SHA-256 of a block: of the hash before it, its place and its lines."""
    place = b"%b %d\n" % (block.chain.encode(), block.number)
    return hashlib.sha256(b"%b%b%b" % (before, place, block.body)).digest()


def _times(body: bytes) -> tuple[int, int]:
    """Return the earliest and the latest moment of entries. Raises: DamagedEntry."""
    moments = [decode(line).at for line in body.split(b"\n")]
    return min(moments), max(moments)


class Verification:
    """
    Verifies the blocks of every chain, which come in the order of their chains and numbers.

    Servers may add blocks meanwhile: each chain must reach the head that it had before the first
    block was read, and must not go beyond the head that it has after the last one.
    """

    def __init__(self, heads: Iterable[Head], anchors: Iterable[Anchor] = ()) -> None:
        self._heads = {head.chain: head for head in heads}
        own = [Anchor(head.chain, head.number, head.hash) for head in self._heads.values()]
        self._anchors: dict[tuple[str, int], set[bytes]] = defaultdict(set)
        for chain, number, digest in (*own, *anchors):
            self._anchors[chain, number].add(digest)
        self._reached: dict[str, tuple[int, bytes]] = {}
        self.findings: list[Finding] = []
        self.blocks = 0

    def add(self, block: Block) -> None:
        """Verify the next block."""
        self.blocks += 1
        start = self._heads.get(block.chain, Head(block.chain))
        number, before = self._reached.get(block.chain, (start.base, start.base_hash))
        if block.number != number + 1:
            self._find(block.chain, number + 1, "missing")
        elif block_hash(before, block) != block.hash:
            self._find(block.chain, block.number, "changed")
        if not _has_its_times(block):
            self._find(block.chain, block.number, "times")
        if self._anchors.pop((block.chain, block.number), set()) - {block.hash}:
            self._find(block.chain, block.number, "anchor")
        self._reached[block.chain] = block.number, block.hash

    def end(self, heads: Iterable[Head]) -> list[Finding]:
        """Return every finding, from the heads as they are once the last block was read."""
        after = {head.chain: head for head in heads}
        for chain, (number, _) in self._reached.items():
            if chain not in after:
                self._find(chain, number, "unknown")
            elif number > after[chain].number:
                self._find(chain, number, "beyond")
        for (chain, number), digests in self._anchors.items():
            base = after.get(chain, Head(chain))
            if number > base.base or (number == base.base and digests - {base.base_hash}):
                self._find(chain, number, "cut")
        return self.findings

    def _find(self, chain: str, number: int, what: str) -> None:
        self.findings.append(Finding(chain, number, what))


def _has_its_times(block: Block) -> bool:
    try:
        return _times(block.body) == (block.begun_at, block.ended_at)
    except DamagedEntry:
        return False
