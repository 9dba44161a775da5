"""What clients know of the customers of a store: everything that was acknowledged."""

import random


class Known:
    """
    The customers that are there, by id with their first name; those lent are in nobody else's way.
    """

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.names: dict[int, str] = {}
        self.deleted: set[int] = set()
        self._free: list[int] = []

    def made(self, id_: int, name: str) -> None:
        """Note an acknowledged customer."""
        self.names[id_] = name
        self._free.append(id_)

    def borrow(self) -> int:
        """Return a customer that no other client writes to until it is given back."""
        place = self._chance.randrange(len(self._free))
        self._free[place], self._free[-1] = self._free[-1], self._free[place]
        return self._free.pop()

    def back(self, id_: int) -> None:
        """Give a customer back."""
        self._free.append(id_)

    def gone(self, id_: int) -> None:
        """Note the acknowledged deletion of a borrowed customer."""
        del self.names[id_]
        self.deleted.add(id_)

    def some(self, count: int) -> list[int]:
        """Return so many customers, or all there are."""
        return self._chance.sample(sorted(self.names), min(count, len(self.names)))
