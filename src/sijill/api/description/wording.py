"""The names under which the description writes its texts in both languages."""

from typing import Any

from sijill.localized import Localized, render

Json = dict[str, Any]
Text = Localized
spoken = render
