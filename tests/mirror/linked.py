"""A store that is linked to a namespace of the sandbox, and asked as a client asks."""

from collections.abc import Iterator
from typing import Any

import pytest
from fixtures.world import Answer, World
from msgspec import json

from sijill.mirror.model import MICROS, MirrorRow, MirrorStore
from sijill.mirror.upstream.model import Link
from sijill.testing.salla import Salla

EGRESS = "here"
SECRET = "whsec-of-upstream"

AHMED = 2075683582
SEED = {
    "store": {"profile": "observed"},
    "customers": [
        {"id": AHMED, "first_name": "Ahmed", "mobile": 500000001, "mobile_code_country": "966"},
        {"id": 2, "first_name": "Sara", "mobile": 500000002, "mobile_code_country": "966"},
        {"id": 3, "first_name": "نورة", "mobile": 500000003, "mobile_code_country": "966"},
    ],
}


class Linked:
    """The demo's other store as a copy of a namespace, in a world whose clock stands still."""

    def __init__(self, salla: Salla) -> None:
        self.salla, self.world = salla, World()
        self.store_id = self.world.other_store.id
        self.token = self.world.mint(self.world.other_store)
        self.writer = self.world.mint(self.world.other_store, "customers.read_write")
        self.world.change(
            upstream_targets="local",
            customers_limit=None,
        )
        self.run, self.clock = self.world.run, self.world.clock
        register = self.world.register
        self.run(register.mirror.link(self.store_id, salla.url, EGRESS, self.world.moment))
        self.relink()

    def relink(self, **changes: Any) -> None:
        """Store the link again."""
        link = Link(
            store_id=self.store_id,
            accounts=self.salla.url.removesuffix("/admin/v2"),
            merchant=None,
            client_id=self.salla.client_id,
            pair=1,
            received_at=int(self.clock() * MICROS),
            expires_at=None,
            spent_at=None,
            client_secret=self.salla.client_secret,
            webhook_secret=SECRET,
            access=self.salla.token,
            refresh=self.salla.refresh_token,
        )
        self.run(self.world.register.mirror_links.put(link._replace(**changes)))

    def pass_time(self, seconds: float) -> None:
        """Let time pass here; that of upstream is its own."""
        self.clock.now += seconds

    def get(self, path: str, **headers: str) -> Answer:
        """Ask the copy."""
        return self.world.get(path, self.token, **headers)

    def original(self, path: str) -> bytes:
        """Return what upstream answers itself."""
        return self.salla.client.get(path).content

    def row(self, customer_id: int) -> MirrorRow | None:
        return self.run(self.world.register.mirror.row(self.store_id, customer_id))

    @property
    def store(self) -> MirrorStore:
        found = self.run(self.world.register.mirror.find(self.store_id))
        assert found is not None
        return found

    def asked(self) -> int:
        """Return how many requests upstream has got, those of `original` too."""
        return len(self.salla.requests)

    def spend(self) -> None:
        """Leave nothing of the budget."""
        budget = self.world.mirroring.upstreams.budget
        self.run(budget.told(EGRESS, 429, 600.0))

    def detail(self, customer_id: int) -> Any:
        return json.decode(self.get(f"/customers/{customer_id}").body)["data"]


def status_of(answer: Answer) -> str:
    return answer.headers.get("cache-status", "")


@pytest.fixture
def linked(salla: Salla) -> Iterator[Linked]:
    """A linked store whose upstream has three customers; none of them is here yet."""
    made = Linked(salla)
    yield made
    made.world.close()
