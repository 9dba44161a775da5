"""
Settings: one table, read by flag > environment > file > default, every fault reported at once.

Owns: names, types, defaults and sentences of settings (`table`), and where they come from
(`loading`). Depends on: `limits`, for the notation of a quota. Leaves to others: what a setting
does.
"""

from sijill.settings.loading import Origin, SettingsFaulty, load, shown
from sijill.settings.table import SETTINGS, Setting, Settings

__all__ = ["SETTINGS", "Origin", "Setting", "Settings", "SettingsFaulty", "load", "shown"]
