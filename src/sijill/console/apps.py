"""The apps in a store and their access tokens, which an owner may revoke."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.errors import NotFound
from sijill.http.request import Request, Response
from sijill.oauth.tokens import TokenInfo, TokenState, state_of
from sijill.oauth.visits import Visit

MOST = 100
"""The tokens that a page shows: those that work first, and of these the newest."""

PLACE = "nav_apps"

KINDS: dict[TokenState, str] = {"active": "ok", "expired": "off", "revoked": "fault"}
"""The kind of the badge of each state."""


@dataclass(frozen=True)
class AppPages:
    """Answers with the apps of a store, and revokes a token."""

    desk: Desk

    async def list(self, request: Request, visit: Visit) -> Response:
        """Answer with the apps that have tokens of the store. Raises: Unavailable."""
        register, now = self.desk.register, self.desk.now()
        tokens = await register.tokens.newest(visit.store.id, now, MOST + 1)
        names = await register.apps.names()
        rows = [self._row(visit, token, names, now) for token in tokens[:MOST]]
        return show(visit, "apps.html", PLACE, rows=rows, more=len(tokens) > MOST, most=MOST)

    async def ask_revoke(self, request: Request, visit: Visit) -> Response:
        """Answer with the question before a token ends. Raises: NotFound; Unavailable."""
        token, names = await self._find(visit), await self.desk.register.apps.names()
        row = self._row(visit, token, names, self.desk.now())
        return show(visit, "token_revoke.html", PLACE, row=row)

    async def revoke(self, request: Request, visit: Visit) -> Response:
        """Revoke a token and all of its grant. Raises: ForgedForm; NotFound; Unavailable."""
        await visit.form()
        token = await self._find(visit)
        grants = self.desk.register.grants.by(visit.cause)
        await grants.end_family(token.id, self.desk.now(), reused=False)
        return go(visit, "/apps", "done_token_revoked")

    async def _find(self, visit: Visit) -> TokenInfo:
        found = await self.desk.register.tokens.find(visit.id_at(2))
        if found.store_id != visit.store.id:
            raise NotFound
        return found

    def _row(
        self, visit: Visit, token: TokenInfo, names: dict[int, str], now: datetime
    ) -> dict[str, Any]:
        """Return a token as templates show it."""
        zone, state = visit.store.timezone, state_of(token, now)
        return {
            "token": token,
            "app": names.get(token.app_id, ""),
            "state": state,
            "kind": KINDS[state],
            "scopes": sorted(token.scopes),
            "created": moment(token.created_at, zone),
            "expires": None if token.expires_at is None else moment(token.expires_at, zone),
        }
