"""Store Information, and User Information: what any valid token may know of its own store."""

from sijill.http.caching import tagged
from sijill.http.envelope import success
from sijill.http.request import Request, Response
from sijill.oauth.owner_table import OwnerTable
from sijill.oauth.store_wire import info, user
from sijill.oauth.tokens import Grant


class StoreHandlers:
    """Answers requests about the token's own store."""

    def __init__(
        self,
        owners: OwnerTable,
    ) -> None:
        self._owners = owners

    async def store_info(self, request: Request, grant: Grant) -> Response:
        """
        Answer with the token's store.

        Source: Salla "Store Information", GET /store/info.
        """
        return tagged(request, success(info(grant.store)))

    async def user_info(self, request: Request, grant: Grant) -> Response:
        """
        Answer with whoever installed the app, the store, and the token's scopes and expiry.

        Source: Salla "User Information", GET /oauth2/user/info.
        """
        owner = await self._owners.installer(grant.store.id, grant.app_id)
        body = user(grant.store, grant.app_id, grant.scopes, grant.expires_at, owner)
        return tagged(request, success(body))
