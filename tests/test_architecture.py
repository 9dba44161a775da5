"""Who may import whom: the engine, nouns in one order, the wiring, the commands."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sijill

SOURCE = Path(sijill.__file__).parent

ENGINE = {
    "values",
    "localized",
    "fields",
    "errors",
    "http",
    "server",
    "database",
    "limits",
    "egress",
    "settings",
    "telemetry",
    "openapi",
    "api",
    "pages",
}
"""Packages and modules that know no noun."""

NOUNS = (
    {"stores"},
    {"oauth"},
    {"webhooks"},
    {"groups", "ledgers"},
    {"customers"},
    {"imports"},
)
"""Nouns in their order: a noun may import those of the rows above its own."""

ABOVE = (
    {"register", "routes"},
    {"wiring"},
    {"app"},
    {"demo", "doctor", "setup"},
    {"cli"},
    {"__main__"},
)
"""The wiring, and what stands on it: each may import whatever stands below."""

LAYERS = (ENGINE, *NOUNS, *ABOVE)

PENDING = {
    "api/description/blacklist_operations.py customers",
    "api/description/change_operations.py customers",
    "api/description/change_operations.py stores",
    "api/description/change_operations.py webhooks",
    "api/description/country_operations.py stores",
    "api/description/customer_keys.py customers",
    "api/description/customer_operations.py customers",
    "api/description/examples.py customers",
    "api/description/examples.py stores",
    "api/description/group_operations.py groups",
    "api/description/group_requests.py groups",
    "api/description/import_operations.py imports",
    "api/description/loyalty_operations.py ledgers",
    "api/description/loyalty_operations.py stores",
    "api/description/oauth_operations.py oauth",
    "api/description/openapi.py oauth",
    "api/description/openapi.py routes",
    "api/description/parameters.py customers",
    "api/description/requests.py customers",
    "api/description/requests.py ledgers",
    "api/description/security.py oauth",
    "api/description/store_operations.py oauth",
    "api/description/store_operations.py stores",
    "api/description/wallet_operations.py ledgers",
    "api/description/wallet_operations.py stores",
    "api/description/webhook_operations.py webhooks",
    "api/description/webhook_parameters.py customers",
    "api/description/webhook_parameters.py webhooks",
    "api/description/webhook_requests.py customers",
    "api/description/webhook_requests.py webhooks",
    "database/inside.py customers",
    "database/inside.py webhooks",
    "database/migrate.py customers",
    "database/open.py webhooks",
    "database/register.py customers",
    "database/register.py groups",
    "database/register.py imports",
    "database/register.py ledgers",
    "database/register.py oauth",
    "database/register.py stores",
    "database/register.py webhooks",
    "groups/evaluation.py customers",
    "groups/memberships.py customers",
    "groups/model.py customers",
    "http/asgi.py oauth",
    "http/paging.py stores",
    "http/parts.py customers",
    "http/parts.py groups",
    "http/parts.py imports",
    "http/parts.py ledgers",
    "http/parts.py oauth",
    "http/parts.py stores",
    "http/parts.py webhooks",
    "http/query.py customers",
    "http/refusals.py oauth",
    "http/request.py oauth",
    "http/uploads.py imports",
    "ledgers/adjustments.py customers",
    "ledgers/loyalty_store.py customers",
    "oauth/app_store.py webhooks",
    "oauth/apps.py webhooks",
    "oauth/consent_handlers.py webhooks",
    "oauth/owner_store.py customers",
    "oauth/owner_store.py groups",
    "pages/browser.py oauth",
    "pages/wording.py oauth",
    "server/serve.py app",
    "server/supervisor.py app",
    "stores/store.py groups",
    "stores/wire.py oauth",
    "webhooks/app_events.py customers",
    "webhooks/delivery_handlers.py customers",
    "webhooks/event_store.py customers",
    "webhooks/events.py customers",
    "webhooks/feed_wire.py customers",
    "webhooks/fields.py customers",
    "webhooks/handlers.py customers",
    "webhooks/message.py customers",
    "webhooks/wire.py customers",
}
"""Imports that still go up, as file and part: this table only shrinks."""


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


def part(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of every import of ours, wherever in the file it stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "sijill" and name != "sijill.__version__":
                yield node.lineno, name.split(".")[1]


def allowed(here: str, other: str) -> bool:
    """Return whether a part may import another: itself, the engine, or a lower layer."""
    if here == other or layer(other) == 0:
        return True
    return layer(other) < layer(here)


def test_every_import_goes_down() -> None:
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        here = part(path)
        if here == "__init__":
            continue
        wrong += [
            f"{path}:{line}: {here} must not import {other}"
            for line, other in imports(path)
            if not allowed(here, other) and f"{path.relative_to(SOURCE)} {other}" not in PENDING
        ]
    assert not wrong, "\n".join(wrong)


def test_every_part_has_a_layer() -> None:
    parts = {part(path) for path in SOURCE.rglob("*.py")} - {"__init__"}
    assert parts <= set().union(*LAYERS)


def test_every_module_and_package_opens_with_a_note() -> None:
    bare = [
        str(path)
        for path in SOURCE.rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not bare


def test_every_pending_import_is_there() -> None:
    upward = {
        f"{path.relative_to(SOURCE)} {other}"
        for path in SOURCE.rglob("*.py")
        if part(path) != "__init__"
        for _, other in imports(path)
        if not allowed(part(path), other)
    }
    assert upward == PENDING
