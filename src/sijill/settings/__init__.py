"""
Settings: one table, read by flag > environment > file > default, every fault reported at once.

Owns: names, types, defaults and sentences of settings (`table`), and their sources (`loading`).
Depends on: `limits`, for the notation of a quota. Leaves to others: the effect of a setting.
"""

from sijill.settings.loading import Origin, SettingsFaulty, load, shown
from sijill.settings.sections import SECTIONS
from sijill.settings.table import SETTINGS, Setting, Settings

__all__ = [
    "SECTIONS",
    "SETTINGS",
    "Origin",
    "Setting",
    "Settings",
    "SettingsFaulty",
    "load",
    "shown",
]
