"""What the pages of the sandbox share: how they look."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sijill.console.answers import Part
from sijill.console.answers import show as show_page
from sijill.http.request import Response
from sijill.localized import Language
from sijill.oauth.visits import Visit
from sijill.sandbox.console.rows import PLACE
from sijill.sandbox.console.words import WORDS
from sijill.sandbox.namespace import Namespace


@cache
def words(language: Language) -> dict[str, str]:
    """Return the words of the sandbox in one language."""
    return {key: text.render(language) for key, text in WORDS.items()}


PART = Part((Path(__file__).parent / "templates",), words)


@dataclass(frozen=True)
class Pages:
    """Pages of one namespace."""

    namespace: Namespace


def show(
    visit: Visit, namespace: Namespace, template: str, status: int = 200, **values: Any
) -> Response:
    """Return a page of the sandbox; the template says which values it needs."""
    identity = namespace.identity
    told = {"namespace": identity.name, "url": f"{identity.url}/admin/v2", **values}
    return show_page(visit, template, PLACE, status=status, part=PART, **told)
