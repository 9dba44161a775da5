"""The database holds no token, code, cookie or password in the clear (ASVS 5 V14)."""

import asyncio
from datetime import timedelta
from pathlib import Path

from fixtures.databases import SECONDS
from fixtures.oauth_rows import APP, CODE, CONSENT, EXCHANGE, OWNER, pair, renewed
from fixtures.registers import NOW, STORE, opened
from msgspec.structs import replace

from sijill.oauth.grants import IssuedTokens, verifies
from sijill.oauth.invitations import GOOD_FOR, Invitation
from sijill.oauth.passwords import Passwords
from sijill.oauth.tokens import CODE as CODE_PREFIX
from sijill.oauth.tokens import INVITATION, PREFIX, REFRESH, SECRET, SESSION, SETUP, digest, mint

PASSWORD = "بطارية correct horse staple"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
INVITED = Invitation(STORE.id, 5, OWNER.id, "Sara", "sara@example.com", "support", NOW + GOOD_FOR)
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


async def whole_flow(path: Path) -> tuple[list[str], bytes]:
    """Make and use a secret of each kind; return all of them, and the bytes of the file."""
    link, cookie, code, client_secret, invitation = (
        mint(prefix) for prefix in (SETUP, SESSION, CODE_PREFIX, SECRET, INVITATION)
    )
    async with opened(str(path)) as register:
        await register.apps.create(replace(APP, client_secret=digest(client_secret)))
        await register.people.offer_set_up(digest(link), NOW + timedelta(hours=1))
        password = await Passwords().hashed(PASSWORD)
        await register.people.set_up(digest(link), OWNER, password, None, NOW)
        await register.sessions.open(digest(cookie), OWNER.id, NOW)
        await register.invitations.offer(digest(invitation), INVITED)
        shown = replace(CODE, digest=digest(code), challenge=CHALLENGE)
        await register.grants.authorize(CONSENT, shown)
        exchange = EXCHANGE._replace(verifier=VERIFIER)
        first = await register.grants.exchange(digest(code), exchange, pair())
        second = await renewed(register, first.pair.refresh)
        assert isinstance(second, IssuedTokens)
        assert await renewed(register, first.pair.refresh) == 401
        read = b"".join(file.read_bytes() for file in sorted(path.parent.glob("*")))
        kept = await register.people.find_by_email(OWNER.email)
        assert kept is not None
        assert kept.password.encode() in read, "the newest writes are among what was read"
    read += b"".join(file.read_bytes() for file in sorted(path.parent.glob("*")))
    pairs = [text for each in (first, second) for text in (each.pair.access, each.pair.refresh)]
    return [link, cookie, code, client_secret, invitation, PASSWORD, VERIFIER, *pairs], read


def test_no_secret_of_a_whole_flow_stands_in_the_file(tmp_path: Path) -> None:
    secrets, read = asyncio.run(asyncio.wait_for(whole_flow(tmp_path / "x.db"), SECONDS))
    assert verifies(VERIFIER, CHALLENGE)
    assert [secret for secret in secrets if secret.encode() in read] == []
    for prefix in (PREFIX, REFRESH, CODE_PREFIX, SECRET, SESSION, SETUP, INVITATION):
        assert prefix.encode() not in read
    for secret in secrets[1:5]:
        assert digest(secret) in read, "its digest is what is kept"
