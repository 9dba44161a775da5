"""Store Information, and User Information: what any valid token may know of its own store."""

from sijill.http.caching import tagged
from sijill.http.envelope import success
from sijill.http.parts import Parts
from sijill.http.request import Request, Response
from sijill.stores.wire import info, user


async def store_info(request: Request, parts: Parts) -> Response:
    """
    Answer with the token's store.

    Source: Salla "Store Information", GET /store/info.
    """
    return tagged(request, success(info(request.grant.store)))


async def user_info(request: Request, parts: Parts) -> Response:
    """
    Answer with whoever installed the app, the store, and the token's scopes and expiry.

    Source: Salla "User Information", GET /oauth2/user/info.
    """
    grant = request.grant
    owner = await parts.owners.installer(grant.store.id, grant.app_id)
    body = user(grant.store, grant.app_id, grant.scopes, grant.expires_at, owner)
    return tagged(request, success(body))
