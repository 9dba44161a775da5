"""Names, mobiles and e-mails as people see them who may not see them whole."""

HIDDEN = "•••"
"""The mask of a part, of the same length for every value: it tells nothing of it."""

_LEAST_DIGITS = 8
"""A mobile of fewer digits shows none: four would be half of it."""


def mask_name(name: str) -> str:
    """Return a name as `س•••`: its first letter; "" for an empty one."""
    letters = [letter for letter in name if letter.isalnum()]
    if len(letters) < 2:  # the letter would be the whole name
        return HIDDEN if name else ""
    return f"{letters[0]}{HIDDEN}"


def mask_mobile(code: str, number: int | None) -> str:
    """Return a mobile as `+966 •• ••• 4321`: its calling code and last digits; "" without one."""
    if number is None:
        return ""
    digits = str(number)
    last = digits[-4:] if len(digits) >= _LEAST_DIGITS else "••••"
    return f"+{code} •• ••• {last}" if code else f"•• ••• {last}"


def mask_email(email: str) -> str:
    """Return an address as `a•••@•••.com`: its first letter and its last label; "" for ""."""
    if not email:
        return ""
    local, _, host = email.rpartition("@")
    first = local[0] if len(local) > 1 and local[0].isalnum() else ""
    name, dot, last = host.rpartition(".")
    return f"{first}{HIDDEN}@{HIDDEN}" + (f".{last}" if name and dot else "")
