"""The description of a new namespace: the body of `POST ns`."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sijill.openapi.keys import key
from sijill.sandbox.seeds.document import NAMES

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]

YEARS = 100 * 365 * 86_400
"""The most seconds of a control call."""


class Origin(Struct, frozen=True, forbid_unknown_fields=True):
    """A snapshot, and the namespace that has it."""

    namespace: Annotated[str, key("مساحة اللقطة.", "The namespace of the snapshot.")]
    snapshot: Annotated[str, key("اسم اللقطة.", "The name of the snapshot.")]


class New(Struct, frozen=True, forbid_unknown_fields=True):
    """The namespace to make."""

    name: Annotated[
        Name | None, key("اسمها، ويُختار لها اسم إن غاب.", "Its name; without one it gets one.")
    ] = None
    random: Annotated[
        int,
        key("بذرة أرقامها ورموزها وأسرارها.", "The seed of its ids, tokens and secrets."),
    ] = 0
    settings: Annotated[
        dict[str, str],
        key("إعدادات خاصة بها.", "Settings of its own."),
    ] = {}
    seed: Annotated[
        msgspec.Raw,
        key(
            "مستند البيانات الأولية، وبدونه بيانات المتجر التجريبي.",
            "The seed document; without one, the rows of the demo.",
            type=["object", "null"],
            **NAMES,
        ),
    ] = msgspec.Raw()
    begin: Annotated[
        Origin | str | None,
        key(
            "اللقطة التي تبدأ بها، كائنًا أو نصًا مثل `t0/before`.",
            "The snapshot that it begins as: an object, or a text such as `t0/before`.",
        ),
    ] = msgspec.field(default=None, name="from")
    ttl: Annotated[
        Annotated[float, Meta(gt=0, le=YEARS)] | None,
        key(
            "ثوانٍ حقيقية بلا طلب تنتهي بعدها.",
            "Real seconds without a request, after which it ends.",
        ),
    ] = None

    @property
    def document(self) -> bytes | None:
        """The seed document in JSON, if there is one."""
        raw = bytes(self.seed)
        return None if raw in (b"", b"null") else raw

    @property
    def origin(self) -> Origin | None:
        """The snapshot that it begins as, if it does."""
        if isinstance(self.begin, str):
            namespace, _, snapshot = self.begin.partition("/")
            return Origin(namespace, snapshot)
        return self.begin
