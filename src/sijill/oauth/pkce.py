"""PKCE: a code is worth nothing without the verifier it was asked for with. Source: RFC 7636."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


def is_challenge(text: str) -> bool:
    """Return whether `text` can be a SHA-256 in base64url without padding."""
    return _CHALLENGE.fullmatch(text) is not None


def verifies(verifier: str | None, challenge: str | None) -> bool:
    """
    Return whether a verifier belongs to a challenge by S256.

    Without a challenge there must be no verifier: a client that sends one expects to be protected,
    and its challenge was taken away on the way (RFC 9700 §2.1.1).
    """
    if verifier is None or challenge is None:
        return verifier is None and challenge is None
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    made = urlsafe_b64encode(digest).rstrip(b"=")
    return secrets.compare_digest(made, challenge.encode("ascii"))
