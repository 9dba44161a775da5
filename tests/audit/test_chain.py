"""A change of the log is found, whatever it is: 10,000 random ones, each alone."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from fixtures.profiles import example_count

from sijill.audit.actions import VIEW
from sijill.audit.causes import Cause
from sijill.audit.chain import (
    HOUR,
    START,
    Anchor,
    Block,
    Finding,
    Head,
    Line,
    Verification,
    block_after,
    block_hash,
    by_hour,
    head_with,
)
from sijill.audit.model import caused, encode

pytestmark = pytest.mark.proves(
    "one byte of the audit log that is changed is found, and so is a tail that is cut off"
)

EDITS = example_count(10_000)


@dataclass
class Log:
    """A log as a database holds it, and heads of it that were kept elsewhere."""

    heads: list[Head] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    kept: Sequence[Anchor] = ()

    def findings(self) -> list[Finding]:
        verification = Verification(self.heads, self.kept)
        for block in sorted(self.blocks, key=lambda block: block[:2]):
            verification.add(block)
        return verification.end(self.heads)

    def copy(self) -> "Log":
        return Log([*self.heads], [*self.blocks], self.kept)


def made(chance: random.Random, chains: int = 3, most: int = 5) -> Log:
    """Return a log of some chains, of which the first has lost its oldest blocks by age."""
    log = Log()
    for number in range(chains):
        head = Head(f"{number:016x}")
        for _ in range(chance.randint(2, most)):
            block = block_after(head, [line(chance) for _ in range(chance.randint(1, 3))])
            head = head_with(head, block)
            log.blocks.append(block)
        log.heads.append(head)
    oldest = log.blocks.pop(0)
    log.heads[0] = log.heads[0]._replace(base=1, base_hash=oldest.hash)
    log.kept = [Anchor(head.chain, head.number, head.hash) for head in log.heads]
    return log


def line(chance: random.Random) -> Line:
    cause = Cause("app", 7, chance.randrange(1, 99), "api", "/customers/{customer}", "ab" * 8)
    entry = caused(cause, chance.randrange(1, 10**16), VIEW, 1, [chance.randrange(1, 10**9)])
    return Line(entry.at, encode(entry))


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one bit of one of them changed."""
    place = chance.randrange(len(data))
    changed = data[place] ^ 1 << chance.randrange(8)
    return data[:place] + bytes([changed]) + data[place + 1 :]


def edit_body(log: Log, chance: random.Random) -> None:
    place = chance.randrange(len(log.blocks))
    block = log.blocks[place]
    log.blocks[place] = block._replace(body=flipped(block.body, chance))


def edit_hash(log: Log, chance: random.Random) -> None:
    place = chance.randrange(len(log.blocks))
    block = log.blocks[place]
    log.blocks[place] = block._replace(hash=flipped(block.hash, chance))


def edit_times(log: Log, chance: random.Random) -> None:
    place = chance.randrange(len(log.blocks))
    name = chance.choice(["begun_at", "ended_at"])
    moved = getattr(log.blocks[place], name) + chance.choice([-1, 1]) * chance.randint(1, 10**9)
    log.blocks[place] = log.blocks[place]._replace(**{name: moved})


def edit_place(log: Log, chance: random.Random) -> None:
    place = chance.randrange(len(log.blocks))
    block = log.blocks[place]
    moved = chance.choice([{"number": block.number + chance.randint(6, 99)}, {"chain": "f" * 16}])
    log.blocks[place] = block._replace(**moved)


def leave_out(log: Log, chance: random.Random) -> None:
    del log.blocks[chance.randrange(len(log.blocks))]


def cut_off(log: Log, chance: random.Random) -> None:
    """Cut the tail of a chain, its head left as it is."""
    chain = chance.choice(log.heads)
    last = chance.randint(chain.base, chain.number - 1)
    log.blocks = [b for b in log.blocks if b.chain != chain.chain or b.number <= last]


def cut_off_with_head(log: Log, chance: random.Random) -> None:
    """Cut the tail of a chain, and move the head back to what is left."""
    place = chance.randrange(len(log.heads))
    chain = log.heads[place]
    last = chance.randint(chain.base, chain.number - 1)
    log.blocks = [b for b in log.blocks if b.chain != chain.chain or b.number <= last]
    ends = {b.number: b.hash for b in log.blocks if b.chain == chain.chain}
    log.heads[place] = chain._replace(number=last, hash=ends.get(last, chain.base_hash))


def forget_chain(log: Log, chance: random.Random) -> None:
    chain = log.heads.pop(chance.randrange(len(log.heads))).chain
    log.blocks = [block for block in log.blocks if block.chain != chain]


def exchange(log: Log, chance: random.Random) -> None:
    """Exchange the content of two blocks."""
    one, other = chance.sample(range(len(log.blocks)), 2)
    first, second = log.blocks[one], log.blocks[other]
    content = ("begun_at", "ended_at", "body", "hash")
    log.blocks[one] = first._replace(**{name: getattr(second, name) for name in content})
    log.blocks[other] = second._replace(**{name: getattr(first, name) for name in content})


def put_in(log: Log, chance: random.Random) -> None:
    """Add a block behind a chain, its hash right, and the head as it was."""
    log.blocks.append(block_after(chance.choice(log.heads), [line(chance)]))


def forge(log: Log, chance: random.Random) -> None:
    """Change a block, and make the hash of every later block, and the head, anew."""
    place = chance.randrange(len(log.heads))
    head = log.heads[place]
    own = [block for block in log.blocks if block.chain == head.chain]
    log.blocks = [block for block in log.blocks if block.chain != head.chain]
    changed, before = chance.randrange(len(own)), head.base_hash
    for number, block in enumerate(own):
        new = block
        if number == changed:
            other = line(chance)
            new = block._replace(body=other.text, begun_at=other.at, ended_at=other.at)
        new = new._replace(hash=block_hash(before, new))
        before = new.hash
        log.blocks.append(new)
    log.heads[place] = head._replace(hash=before)


def edit_head(log: Log, chance: random.Random) -> None:
    place = chance.randrange(len(log.heads))
    head = log.heads[place]
    log.heads[place] = chance.choice(
        [
            head._replace(number=head.number + chance.choice([-1, 1, 7])),
            head._replace(hash=flipped(head.hash, chance)),
            head._replace(base=head.base + 1),
            head._replace(base_hash=flipped(head.base_hash, chance)),
            head._replace(chain="e" * 16),
        ]
    )


Edit = Callable[[Log, random.Random], None]
ALONE: list[Edit] = [
    *(edit_body, edit_hash, edit_times, edit_place, leave_out, cut_off, exchange, put_in, edit_head)
]
"""Edits that the database alone shows."""
KEPT: list[Edit] = [cut_off_with_head, forge, forget_chain]
"""Edits that only a head kept elsewhere shows."""


def test_a_log_that_nobody_changed_has_no_fault() -> None:
    for seed in range(50):
        assert made(random.Random(seed)).findings() == []


def test_every_one_of_many_random_edits_is_found() -> None:
    chance, logs = random.Random(8466), [made(random.Random(seed)) for seed in range(20)]
    for number in range(EDITS):
        edit, edited = chance.choice([*ALONE, *KEPT]), chance.choice(logs).copy()
        if edit in ALONE and chance.random() < 0.5:
            edited.kept = ()
        edit(edited, chance)
        assert edited.findings(), f"edit {number}: {edit.__name__}"


@pytest.mark.parametrize("edit", KEPT)
def test_a_log_made_anew_needs_a_head_that_was_kept_elsewhere(edit: Edit) -> None:
    log = made(random.Random(1))
    edit(log, random.Random(2))
    assert log.findings()
    log.kept = ()
    assert log.findings() == []


def test_a_block_names_its_place_and_the_block_before() -> None:
    chance = random.Random(3)
    first = block_after(Head("a"), [line(chance)])
    assert first.number == 1
    assert first.hash == block_hash(START, first)
    elsewhere = [first._replace(number=2), first._replace(chain="b"), first._replace(body=b"")]
    assert first.hash not in [block_hash(START, block) for block in elsewhere]
    assert first.hash != block_hash(first.hash, first)


def test_entries_of_one_hour_share_a_block_and_no_others() -> None:
    lines = [Line(at, b"") for at in (3 * HOUR, HOUR - 1, 0, HOUR, 3 * HOUR + 5)]
    assert [[line.at for line in group] for group in by_hour(lines)] == [
        [0, HOUR - 1],
        [HOUR],
        [3 * HOUR, 3 * HOUR + 5],
    ]
