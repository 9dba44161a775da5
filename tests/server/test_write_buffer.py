"""Answers are sent in one write at the end of the turn, in order, and nothing is kept back."""

from collections.abc import Callable
from typing import Any

from sijill.server.write_buffer import WriteBuffer


class Wire:
    """A transport that notes what is done with it, and a loop whose turn ends when told to."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.soon: list[Callable[[], None]] = []
        self.buffer = WriteBuffer(self, self)  # type: ignore[arg-type]

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.done

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.soon.append(callback)

    def end_turn(self) -> None:
        callbacks, self.soon = self.soon, []
        for callback in callbacks:
            callback()


def test_head_and_body_are_one_write_at_the_end_of_the_turn() -> None:
    wire = Wire()
    for number in (b"1", b"2"):
        wire.buffer.write(b"head" + number)
        wire.buffer.write(b"body" + number)
        assert wire.done == [b"head1body1"] * (number == b"2")
        wire.end_turn()
    assert wire.done == [b"head1body1", b"head2body2"]
    wire.end_turn()
    assert len(wire.done) == 2


def test_answers_of_one_turn_are_one_write_in_order() -> None:
    wire = Wire()
    for piece in (b"head1", b"body1", b"head2", b"body2"):
        wire.buffer.write(piece)
    assert len(wire.soon) == 1
    wire.end_turn()
    assert wire.done == [b"head1body1head2body2"]


def test_what_is_pending_goes_before_what_comes_by_another_way() -> None:
    wire = Wire()
    wire.buffer.write(b"answer")
    wire.buffer.flush()
    wire.write(b"refusal")
    wire.end_turn()
    assert wire.done == [b"answer", b"refusal"]


def test_closing_keeps_nothing_back() -> None:
    wire = Wire()
    wire.buffer.write(b"head")
    wire.buffer.close()
    wire.end_turn()
    assert wire.done == [b"head", "closed"]
    assert wire.buffer.is_closing()
