"""The health of a server as `application/health+json`."""

from typing import Annotated, Literal

from msgspec import UNSET, Struct, UnsetType

from sijill.http.envelope import encode
from sijill.localized import Localized
from sijill.openapi.keys import key

HEALTH = "application/health+json"

Verdict = Literal["pass", "warn", "fail"]


class Check(Struct):
    """The verdict of one check."""

    status: Verdict


class Checks(Struct):
    """Every check."""

    words = Localized("نتائج الفحص، في `/readyz` فقط.", "The checks, only in `/readyz`.")

    database: Annotated[
        list[Check], key("هل تستجيب قاعدة البيانات.", "Whether the database answers.")
    ]
    server: Annotated[list[Check], key("`fail` أثناء الإيقاف.", "`fail` during a shutdown.")]
    replica: Annotated[
        list[Check] | UnsetType,
        key(
            "إن ضُبط `replica_url`: `warn` حين لا تُقرأ النسخة لأنها لا تستجيب أو قدُمت.",
            "Where `replica_url` is set: `warn` while the replica is away or too old to be read.",
        ),
    ] = UNSET


class HealthAnswer(Struct):
    """Whether the server is healthy, and the verdict of each check."""

    component = "Health"
    words = Localized("حالة الخادم.", "The health of the server.")

    status: Annotated[Verdict, key("النتيجة.", "The result.")]
    checks: Checks | UnsetType = UNSET


def liveness() -> bytes:
    """Return the answer of `/healthz`."""
    return encode(HealthAnswer("pass"))


def readiness(*, database: bool, server: bool, replica: bool | None = None) -> tuple[bool, bytes]:
    """
    Return whether the server is ready, and the answer of `/readyz`.

    A replica that is of no use, or is not there (None), makes no server unready.
    """
    checks = Checks([_check(database)], [_check(server)])
    if replica is not None:
        checks.replica = [Check("pass" if replica else "warn")]
    good = database and server
    return good, encode(HealthAnswer("pass" if good else "fail", checks))


def _check(good: bool) -> Check:
    return Check("pass" if good else "fail")
