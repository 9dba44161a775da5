"""The credentials of a namespace, over any database that it begins with."""

from datetime import datetime, timedelta

from sijill.demo import APP, issue, set_secret
from sijill.oauth.grants import Consent
from sijill.oauth.scopes import OFFLINE, SCOPES
from sijill.oauth.tokens import digest
from sijill.register import Register
from sijill.sandbox.source import Credentials
from sijill.stores.model import Store

TOKEN_ID = 1
"""The id of the token that a namespace begins with, and of the consent behind it."""

_DISOWN = f"""
DELETE FROM tokens WHERE id = {TOKEN_ID} OR authorization_id = {TOKEN_ID};
DELETE FROM authorizations WHERE id = {TOKEN_ID};
UPDATE tokens SET digest = randomblob(32);
UPDATE refresh_tokens SET digest = randomblob(32);
UPDATE authorizations SET code_digest = randomblob(32) WHERE code_digest IS NOT NULL;
DELETE FROM sessions;
DELETE FROM setup_links;
DELETE FROM invitations;
"""  # noqa: S608 - a number of our own
"""
Takes a database from its last namespace: nobody has a text of these digests.

The grants stay alive, so that webhooks of their apps still work.
"""


async def store_of(register: Register) -> Store:
    """Return the one store of a namespace."""
    (store,) = await register.stores.all()
    return store


async def adopt(
    register: Register, credentials: Credentials, now: datetime, refresh_lifetime: timedelta
) -> None:
    """
    Let the credentials of a namespace log in, and no others.

    A database that has the namespace's own token stays as it is.
    """
    if await register.tokens.grant(digest(credentials.token)) is not None:
        return
    if await register.tokens.all():
        await register.driver.write(lambda transaction: transaction.script(_DISOWN))
    await set_secret(register, credentials.client_secret)
    store_id, scopes = (await store_of(register)).id, frozenset(SCOPES) | {OFFLINE}
    await issue(register, store_id, credentials.token, TOKEN_ID, now)
    owner = await register.people.user_of(store_id, APP.id)
    owner_id = None if owner is None else owner.id
    consent = Consent(TOKEN_ID, store_id, APP.id, owner_id, scopes, now)
    until = now + refresh_lifetime
    await register.grants.make_renewable(consent, TOKEN_ID, credentials.refresh_token, until)
