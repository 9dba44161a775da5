"""The rules of a new password."""

MIN_LENGTH, MAX_LENGTH = 12, 256
"""Characters of a password. Source: NIST SP 800-63B §3.1.1, ASVS 5 V6.2."""


def fault_of(password: str) -> str | None:
    """Return the fault of a new password, `short` or `long`, or None."""
    if len(password) < MIN_LENGTH:
        return "short"
    return "long" if len(password) > MAX_LENGTH else None
