"""Answers are sent in one write, and nothing is kept back."""

from typing import Any

from sijill.api.whole import Whole


class Wire:
    """A transport that notes what is done with it."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.done


def test_head_and_body_are_one_write() -> None:
    wire = Wire()
    whole = Whole(wire)  # type: ignore[arg-type]
    for number in (b"1", b"2"):
        whole.write(b"head" + number)
        whole.write(b"body" + number)
        whole.flush()
    assert wire.done == [b"head1body1", b"head2body2"]


def test_a_head_without_a_body_goes_at_the_end_of_the_answer() -> None:
    wire = Wire()
    whole = Whole(wire)  # type: ignore[arg-type]
    whole.write(b"head")
    assert wire.done == []
    whole.flush()
    whole.flush()
    assert wire.done == [b"head"]


def test_closing_keeps_nothing_back() -> None:
    wire = Wire()
    whole = Whole(wire)  # type: ignore[arg-type]
    whole.write(b"head")
    whole.close()
    assert wire.done == [b"head", "closed"]
    assert whole.is_closing()


def test_an_answer_in_pieces_arrives_in_order() -> None:
    wire = Wire()
    whole = Whole(wire)  # type: ignore[arg-type]
    for piece in (b"head", b"1", b"2", b"3", b"4"):
        whole.write(piece)
    whole.flush()
    assert b"".join(wire.done) == b"head1234"
