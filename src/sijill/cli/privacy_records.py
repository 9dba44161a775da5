"""`sijill privacy ropa`: the records of processing."""

from datetime import UTC, datetime
from typing import Any

from sijill.cli.privacy import LANG
from sijill.cli.register import Register, on_register
from sijill.cli.showing import Shown
from sijill.localized import Language
from sijill.privacy.ropa import Kept, markdown, records
from sijill.settings import Settings


@on_register(
    LANG,
    settings=("event_retention", "audit_retention", "session_lifetime"),
    shown=Shown(lambda result: print(markdown(result["records"], result["language"]), end="")),
)
async def ropa_command(register: Register, lang: Language, settings: Settings) -> dict[str, Any]:
    from sijill.retention import CLASSES  # it loads the log, which no other command here needs

    now = datetime.now(UTC)
    kept = [Kept(data.name, now - data.before(settings, now)) for data in CLASSES]
    stores, apps = await register.stores.all(), await register.apps.all()
    return {"language": lang, "records": records(stores, apps, kept, lang)}
