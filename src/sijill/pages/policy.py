"""The Content-Security-Policy of a page that has one style and no script."""

from base64 import b64encode
from hashlib import sha256

NOWHERE, SELF = "'none'", "'self'"
"""Where the forms of a page may go."""


def policy(style: str, form_action: str = NOWHERE) -> str:
    """Return a policy that lets a page use this one style and ask nobody for anything."""
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        f"base-uri 'none'; form-action {form_action}; frame-ancestors 'none'"
    )


def source(origin: str) -> str:
    """
    Return how a policy names an origin.

    Its grammar has no IPv6 address: there the scheme stands for it, else browsers refuse it.
    Source: CSP Level 3 §2.3.1, `host-source`.
    """
    scheme, _, authority = origin.partition("://")
    return f"{scheme}:" if authority.startswith("[") else origin
