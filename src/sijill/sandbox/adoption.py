"""The credentials of a namespace, over any database that it begins with."""

from datetime import datetime, timedelta

from sijill.audit.changes import NO_STORE, Change
from sijill.database.columns import micros
from sijill.database.driver import Transaction
from sijill.demo import APP
from sijill.errors import NotFound
from sijill.oauth.grants import Consent
from sijill.oauth.scopes import OFFLINE, SCOPES
from sijill.oauth.token_table import token_arguments
from sijill.oauth.tokens import TokenInfo, digest, hint
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

_OF_APP = (Change("app.update", APP.id, ("client_secret",)),)
_OF_STORE = (Change("token.create", TOKEN_ID),)
"""What the audit log of a namespace begins with."""


async def store_of(register: Register) -> Store:
    """Return the one store of a namespace."""
    (store,) = await register.stores.all()
    return store


async def adopt(
    register: Register, credentials: Credentials, now: datetime, refresh_lifetime: timedelta
) -> None:
    """
    Let the credentials of a namespace log in, and no others.

    A database that has the namespace's own token stays as it is. Each reset waits for this: it is
    one transaction, without the checks of a table that others write to. Raises: NotFound.
    """
    found = await register.driver.one("adopted", digest(credentials.token))
    if found is None:
        raise NotFound
    store_id, is_own, has_tokens = found
    if is_own:
        return
    owner = await register.people.user_of(store_id, APP.id)
    owner_id = None if owner is None else owner.id
    consent = Consent(TOKEN_ID, store_id, APP.id, owner_id, frozenset(SCOPES) | {OFFLINE}, now)

    async def work(transaction: Transaction) -> None:
        if has_tokens:
            await transaction.script(_DISOWN)
        await _admit(transaction, credentials, consent, now + refresh_lifetime)
        if register.audit.changes is not None:
            await register.audit.changes.record(transaction, register.cause, NO_STORE, _OF_APP)
            await register.audit.changes.record(transaction, register.cause, store_id, _OF_STORE)

    await register.driver.write(work)


async def _admit(
    transaction: Transaction, credentials: Credentials, consent: Consent, until: datetime
) -> None:
    """Add the secret, the consent, and the two tokens; the refresh token ends at `until`."""
    where, at = (consent.store_id, consent.app_id), micros(consent.at)
    info = TokenInfo(
        *(TOKEN_ID, *where, frozenset(SCOPES), hint(credentials.token), consent.at, None, None),
        authorization_id=consent.id,
    )
    renewable = " ".join(sorted(consent.scopes))
    allowed, no_code = (*where, consent.owner_id), (None,) * 5
    of_refresh = (digest(credentials.refresh_token), TOKEN_ID, renewable, at, micros(until))
    await transaction.run("set_client_secret", consent.app_id, digest(credentials.client_secret))
    await transaction.run("install", *allowed, at)
    await transaction.run("insert_authorization", consent.id, *allowed, renewable, at, *no_code)
    await transaction.run("insert_token", digest(credentials.token), *token_arguments(info))
    await transaction.run("insert_refresh_token", consent.store_id, consent.id, *of_refresh)
