"""The route of imports, with its description."""

from typing import Any, Literal

from sijill.errors import Invalid
from sijill.http.envelope import Sentence, success
from sijill.http.router import Route
from sijill.http.sentences import IMPORTING
from sijill.http.uploads import FIELD, MULTIPART
from sijill.imports.model import BadUpload, TooManyImports, Unfit
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
                "ملف العملاء، وعناوين الأعمدة في سطره الأول. وإن لم يكن في النموذج حقل بهذا "
                "الاسم قُرئ الملف الوحيد فيه.",
                "The file of customers, with the headings in its first row. Without a field "
                "of this name, the only file of the form is read.",
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
_TEXT = Localized("استُلم الملف.", "The file is stored.")
_ONCE = Localized(
    "مع `Idempotency-Key` يُستورد الملف مرة واحدة وإن رُفع مرارًا خلال 24 ساعة. وبدونه كل رفع "
    "استيراد جديد.",
    "Requests with the same `Idempotency-Key` within 24 hours import the file once. Without a key, "
    "each request is a new import.",
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
                "ملف Excel (\u200f`.xlsx`) أو CSV بترميز UTF-8 أو UTF-16، وعناوين أعمدته بالعربية "
                "أو الإنجليزية. يأتي الرد بعد حفظ الملف، ثم تُستورد صفوفه في الخلفية. ويرى مدير "
                "الخادم كل صف مرفوض مع سببه.",
                "An Excel workbook (`.xlsx`) or CSV in UTF-8 or UTF-16, with headings in Arabic or "
                "English. The answer comes when the file is stored. Its rows are imported in the "
                "background; the operator sees each refused row with the reason.",
            ),
            body=Request("ImportFile", _FILE, _SENT, media_types=(MULTIPART.decode(),)),
            answers={
                200: answer(_TEXT, Envelope(Sentence[Literal[200]]), _taken_in),
                422: refused(
                    Localized(
                        "لم يُرفع ملف، أو لا يمكن استيراد أي شيء منه، أو استُخدم المفتاح في طلب آخر.",
                        "There is no file, nothing of it can be imported, or the key was used for "
                        "another request.",
                    ),
                    *(BadUpload(reason) for reason in _UNFIT),
                    Invalid({FIELD: ["required"]}),
                ),
                429: refused(
                    Localized(
                        "ملفات المتجر التي تنتظر كثيرة أو كبيرة، أو عدد الطلبات تجاوز الحد.",
                        "The files of the store that wait are too many or too large, or "
                        "there are too many requests.",
                    ),
                    TooManyImports(),
                ),
            },
            idempotent=_ONCE,
        ),
    )


def _taken_in(base: str) -> Json:
    bodies = {
        language: success(Sentence(sentence, 200)) for language, sentence in IMPORTING.items()
    }
    return in_both("taken_in", Localized("استُلم الملف", "The file is stored"), bodies)
