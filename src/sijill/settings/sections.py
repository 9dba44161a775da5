"""The sections of the table of settings, for pages and help that list settings."""

from sijill.settings.table import SETTINGS

_HEADINGS = {
    "host": "Listening",
    "data_dir": "Database",
    "customers_limit": "Rate limits",
    "code_lifetime": "OAuth and sign-in",
    "webhooks": "Webhooks",
    "max_url": "Bounds",
    "log_level": "Log",
    "demo_token": "Demo and sandbox",
}
"""The first setting of each section, and the heading."""


def _sections() -> dict[str, tuple[str, ...]]:
    names = [*SETTINGS]
    starts = [names.index(name) for name in _HEADINGS]
    ends = [*starts[1:], len(names)]
    return {
        heading: tuple(names[start:end])
        for heading, start, end in zip(_HEADINGS.values(), starts, ends, strict=True)
    }


SECTIONS: dict[str, tuple[str, ...]] = _sections()
"""The names of settings by the heading that they stand under."""
