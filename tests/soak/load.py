"""The mixed load: each kind of request in its proportion, and what its answer must be."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from soak.house import APP, SECRET, STORE, House
from soak.known import Known
from soak.sampling import Answers

TIMEOUT = 30.0
TRIES = 60
IMPORTED = 300
"""Rows of each import."""
FIRST_IMPORTED = 9_000_001
CONSOLE = f"/_/console/{STORE.id}"
PAGES = ("", "/customers", "/groups", "/webhooks", "/imports", "/apps", "/audit", "/people")


class Load:
    """Clients of one store. `faults` says in words what must not be."""

    def __init__(self, house: House, known: Known, seed: int, *, closed: bool) -> None:
        """`closed` says whether the server refuses while the counter is away, by 503."""
        self._house, self._closed = house, closed
        self.known, self.answers = known, Answers()
        self.faults: list[str] = []
        self.chance = random.Random(seed)
        self.created: set[int] = set()
        self.imported: dict[int, str] = {}
        self.events: dict[str, tuple[str, int]] = {}
        """Of the feed: name and customer of each event."""
        self._number = self._imports = 0
        self._cursor = ""
        self._refresh = house.refresh
        self._one_reader, self._one_renewal = asyncio.Lock(), asyncio.Lock()
        self._http = httpx.AsyncClient(
            base_url=house.base,
            timeout=TIMEOUT,
            # A pool that gives idle connections up may close one that a request was just given.
            limits=httpx.Limits(max_connections=64, keepalive_expiry=None),
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(
        self, kind: str, method: str, path: str, expected: int = 200, **more: Any
    ) -> httpx.Response | None:
        """Return the answer, or None for a documented 503; any other status is a fault."""
        headers = {"Authorization": f"Bearer {self._house.token}"} | more.pop("headers", {})
        headers = {name: text for name, text in headers.items() if text}
        begun = time.perf_counter()
        try:
            answer = await self._http.request(method, path, headers=headers, **more)
        except httpx.TransportError as fault:
            self.answers.add(kind, 0, time.perf_counter() - begun)
            self.faults.append(f"{kind}: no answer ({causes(fault)})")
            return None
        self.answers.add(kind, answer.status_code, time.perf_counter() - begun)
        if answer.status_code == expected:
            return answer
        if not self._refused(answer):
            self.faults.append(f"{kind}: {answer.status_code} {answer.text[:200]}")
        return None

    def _refused(self, answer: httpx.Response) -> bool:
        """Return whether an answer is the refusal that is documented while the counter is away."""
        return self._closed and answer.status_code == 503 and "retry-after" in answer.headers

    async def insist(
        self, kind: str, method: str, path: str, expected: int = 200, **more: Any
    ) -> httpx.Response | None:
        """Ask until the answer is no refusal; None after TRIES."""
        for _ in range(TRIES):
            answer = await self.ask(kind, method, path, expected, **more)
            if answer is not None:
                return answer
            await asyncio.sleep(0.5)
        return None

    def _next(self) -> int:
        self._number += 1
        return self._number

    async def details(self) -> None:
        id_ = self.known.borrow()
        answer = await self.ask("details", "GET", f"/customers/{id_}")
        if answer and answer.json()["data"]["first_name"] != self.known.names[id_]:
            self.faults.append(f"details: customer {id_} is as before an acknowledged change")
        self.known.back(id_)

    async def list(self) -> None:
        page = self.chance.randint(1, 40)
        await self.ask("list", "GET", "/customers", params={"page": page})

    async def search(self) -> None:
        id_ = self.known.borrow()
        name = self.known.names[id_]
        answer = await self.ask("search", "GET", "/customers", params={"keyword": name})
        if answer and id_ not in {one["id"] for one in answer.json()["data"]}:
            self.faults.append(f"search: customer {id_} is not found by name")
        self.known.back(id_)

    async def create(self) -> None:
        key = f"k{self._next():07}"
        body = {"email": f"{key}@example.com", "first_name": key}
        headers = {"Idempotency-Key": key}
        answer = await self.ask("create", "POST", "/customers", json=body, headers=headers)
        if answer:
            id_ = answer.json()["data"]["id"]
            self.created.add(id_)
            self.known.made(id_, key)

    async def update(self) -> None:
        id_, name = self.known.borrow(), f"u{self._next():07}"
        body = {"first_name": name}
        if await self.ask("update", "PUT", f"/customers/{id_}", json=body):
            self.known.names[id_] = name
        self.known.back(id_)

    async def delete(self) -> None:
        id_ = self.known.borrow()
        if await self.ask("delete", "DELETE", f"/customers/{id_}"):
            self.known.gone(id_)
        else:
            self.known.back(id_)

    async def ban(self) -> None:
        id_, path = self.known.borrow(), "/customers/blacklist"
        body = {"reason": f"reason {self._next()}"}
        if await self.ask("ban", "PUT", f"{path}/{id_}", 201, json=body):
            await self.ask("unban", "DELETE", f"{path}/{id_}", 202)
        self.known.back(id_)

    async def deposit(self) -> None:
        id_ = self.known.borrow()
        body = {"customer_id": id_, "amount": 1}
        headers = {"Idempotency-Key": f"d{self._next()}"}
        path = "/customers/wallets/deposit"
        await self.ask("deposit", "POST", path, json=body, headers=headers)
        self.known.back(id_)

    async def renew(self) -> None:
        async with self._one_renewal:
            form = {
                "grant_type": "refresh_token",
                "client_id": APP.client_id,
                "client_secret": SECRET,
                "refresh_token": self._refresh,
            }
            nobody = {"Authorization": ""}
            answer = await self.ask("refresh", "POST", "/oauth2/token", data=form, headers=nobody)
            if answer:
                self._refresh = answer.json()["refresh_token"]
                access = {"Authorization": f"Bearer {answer.json()['access_token']}"}
                await self.ask("user", "GET", "/oauth2/user/info", headers=access)

    async def feed(self) -> None:
        """Read the feed to its end."""
        async with self._one_reader:
            more = True
            while more:
                params = {"limit": "500"} | ({"since": self._cursor} if self._cursor else {})
                answer = await self.ask("feed", "GET", "/_/changes", params=params)
                if answer is None:
                    return
                told = answer.json()
                self._cursor, more = told["cursor"], told["more"]
                for one in told["events"]:
                    self.events[one["id"]] = (one["event"], one["customer_id"])

    async def stream(self) -> None:
        """Open a stream, wait for something, and leave."""
        bearer = f"Bearer {self._house.token}"
        headers = {"Authorization": bearer, "Accept": "text/event-stream"}
        params = {"since": "now"}
        async with self._http.stream("GET", "/_/changes", params=params, headers=headers) as answer:
            if answer.status_code == 200:
                async for _ in answer.aiter_bytes():
                    break
            elif not self._refused(answer):
                self.faults.append(f"stream: {answer.status_code}")

    async def page(self) -> None:
        path = CONSOLE + self.chance.choice(PAGES)
        cookie = "; ".join(f"{name}={value}" for name, value in self._house.cookies.items())
        await self.ask("page", "GET", path, headers={"Cookie": cookie})

    async def upload(self, patience: float) -> None:
        """Import a file, whose rows are created or changed, and wait for its last row."""
        self._imports += 1
        name = f"i{self._imports}"
        ids = range(FIRST_IMPORTED, FIRST_IMPORTED + IMPORTED)
        rows = [f"{id_},{name},i{id_}@example.com" for id_ in ids]
        file = "\n".join(["id,first_name,email", *rows]).encode()
        files = {"file": ("customers.csv", file)}
        await self.insist("import", "POST", "/customers/import", files=files)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            await asyncio.sleep(0.5)
            answer = await self._http.get(
                f"/customers/{ids[-1]}",
                headers={"Authorization": f"Bearer {self._house.token}"},
            )
            if answer.status_code == 200 and answer.json()["data"]["first_name"] == name:
                self.imported = dict.fromkeys(ids, name)
                return
        self.faults.append(f"import {self._imports} did not end in {patience:.0f} s")


def causes(fault: BaseException) -> str:
    """Return the types of a fault and of its causes: they tell who closed the connection."""
    names: list[str] = []
    cause: BaseException | None = fault
    while cause is not None:
        names.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return " < ".join(names)


Act = Callable[[Load], Awaitable[None]]

WEIGHTS: dict[str, tuple[int, Act]] = {
    "details": (400, Load.details),
    "list": (200, Load.list),
    "update": (120, Load.update),
    "search": (50, Load.search),
    "create": (50, Load.create),
    "delete": (50, Load.delete),
    "feed": (40, Load.feed),
    "page": (30, Load.page),
    "ban": (20, Load.ban),
    "deposit": (20, Load.deposit),
    "refresh": (10, Load.renew),
    "stream": (10, Load.stream),
}
"""Kinds of requests, and how many of each in a thousand."""
