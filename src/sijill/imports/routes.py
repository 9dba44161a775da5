"""The route of imports, in words."""

from typing import Any, Literal

from sijill.errors import Invalid
from sijill.http.envelope import Sentence, success
from sijill.http.router import Route
from sijill.http.sentences import IMPORTING
from sijill.http.uploads import FIELD, MULTIPART
from sijill.imports.model import BadUpload, Unfit
from sijill.localized import Localized
from sijill.openapi.examples import in_both
from sijill.openapi.keys import Json
from sijill.openapi.operation import Envelope, Request, answer, refused

_UNFIT: tuple[Unfit, ...] = ("empty", "kind", "headings", "too_large", "unsafe", "unreadable")
_FILE: Json = {
    "type": "object",
    "required": [FIELD],
    "properties": {
        FIELD: {
            "type": "string",
            "format": "binary",
            "description": Localized(
                "ملف العملاء، أوله العناوين. إن لم يُسمَّ حقل بهذا الاسم أُخذ الملف الوحيد.",
                "The file of customers, its headings first. Where no field has this name, the only "
                "file there is.",
            ),
        }
    },
}
_SENT: Json = {
    "csv": {
        "summary": Localized("ملف CSV", "A CSV file"),
        "value": {FIELD: "first_name,mobile,email\r\nAhmed,0501234567,ahmedali@test.test\r\n"},
    }
}
_TEXT = Localized("أُخذ الملف.", "The file is taken in.")
_ONCE = Localized(
    "مع `Idempotency-Key` يُنفَّذ الطلب مرة واحدة ولو أُرسل مرارًا خلال 24 ساعة؛ وبدونه كل إرسال "
    "استيراد جديد.",
    "With `Idempotency-Key` it is done once, however often it is sent within 24 hours; without one "
    "each is a new import.",
)


def import_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the route of uploading a file; `handlers` has `upload`."""
    return (
        Route(
            *("POST", "/customers/import", handlers.upload),
            scopes=("customers.read_write",),
            customers=True,
            id="importCustomers",
            tag="customers",
            summary=Localized("استيراد العملاء", "Import Customers"),
            description=Localized(
                "ملف Excel (‏`.xlsx`) أو CSV بترميز UTF-8، عناوين أعمدته بالعربية أو الإنجليزية. "
                "يُحفظ عند الجواب ثم تُعالج صفوفه في الخلفية؛ ما صلح منها يُكتب، وما لم يصلح يراه "
                "المشغّل مع السبب.",
                "An Excel workbook (`.xlsx`) or CSV in UTF-8, headed in Arabic or English. It is "
                "kept when this is answered, and worked off in the background: good rows go in, "
                "bad ones are shown to the operator with their reason.",
            ),
            body=Request("ImportFile", _FILE, _SENT, media_types=(MULTIPART.decode(),)),
            answers={
                200: answer(_TEXT, Envelope(Sentence[Literal[200]]), _taken_in),
                422: refused(
                    Localized(
                        "لا ملف، أو ملف لا يمكن استيراد شيء منه؛ أو مفتاح استُعمل لطلب آخر.",
                        "No file, or one of which nothing can be imported; or a key that was used "
                        "for another request.",
                    ),
                    *(BadUpload(reason) for reason in _UNFIT),
                    Invalid({FIELD: ["required"]}),
                ),
            },
            idempotent=_ONCE,
        ),
    )


def _taken_in(base: str) -> Json:
    bodies = {
        language: success(Sentence(sentence, 200)) for language, sentence in IMPORTING.items()
    }
    return in_both("taken_in", Localized("أُخذ الملف", "The file is taken in"), bodies)
