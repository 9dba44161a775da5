"""Import Customers in words."""

from msgspec import json

from sijill.api.description.examples import refusal_examples
from sijill.api.description.headers import API, LIMITS, SPOKEN
from sijill.api.description.operation import JSON, Answer, Body, Operation, Sent
from sijill.api.description.schemas import fault_schema, shape, success
from sijill.api.description.wording import Json, Text
from sijill.database.idempotency_keys import KeyReused
from sijill.errors import Invalid
from sijill.http import envelope
from sijill.http.languages import IMPORTING
from sijill.http.uploads import FIELD, MULTIPART
from sijill.imports.model import (
    BadUpload,
    EmptyUpload,
    NotASheet,
    TooMuchUploaded,
    UnknownHeadings,
    UnsafeUpload,
)

_FAULTS = (
    EmptyUpload(),
    NotASheet(),
    UnknownHeadings(),
    TooMuchUploaded(),
    UnsafeUpload(),
    BadUpload(),
    Invalid({FIELD: ["required"]}),
    KeyReused(),
)
_DATA = shape(
    {
        "message": {"type": "string", "description": Text("جملة ثابتة.", "A fixed sentence.")},
        "code": {"const": 200, "description": Text("الحالة أيضًا.", "The status again.")},
    }
)
_FILE = "first_name,mobile,email\r\nAhmed,0501234567,ahmedali@test.test\r\n"


def _taken_in() -> Json:
    return {
        f"taken_in_{language}": {
            "summary": Text("أُخذ الملف", "The file is taken in"),
            "value": json.decode(envelope.success({"message": sentence, "code": 200})),
        }
        for language, sentence in IMPORTING.items()
    }


IMPORT_OPERATIONS = {
    ("POST", "/customers/import"): Operation(
        id="importCustomers",
        tag="customers",
        summary=Text("استيراد العملاء", "Import Customers"),
        description=Text(
            "ملف Excel (‏`.xlsx`) أو CSV بترميز UTF-8، عناوين أعمدته بالعربية أو الإنجليزية. "
            "يُحفظ عند الجواب ثم تُعالج صفوفه في الخلفية؛ ما صلح منها يُكتب، وما لم يصلح يراه "
            "المشغّل مع السبب.",
            "An Excel workbook (`.xlsx`) or CSV in UTF-8, headed in Arabic or English. It is kept "
            "when this is answered, and worked off in the background: good rows go in, bad ones "
            "are shown to the operator with their reason.",
        ).then(
            Text(
                "مع `Idempotency-Key` يُنفَّذ الطلب مرة واحدة ولو أُرسل مرارًا خلال 24 ساعة؛ وبدونه "
                "كل إرسال استيراد جديد.",
                "With `Idempotency-Key` it is done once, however often it is sent within 24 hours; "
                "without one each is a new import.",
            )
        ),
        answers={
            200: Answer(
                Text("أُخذ الملف.", "The file is taken in."),
                {JSON: Body(shape(success(_DATA)), lambda _: _taken_in())},
                (*API, *LIMITS),
                ("Idempotent-Replayed",),
            ),
            422: Answer(
                Text(
                    "لا ملف، أو ملف لا يمكن استيراد شيء منه؛ أو مفتاح استُعمل لطلب آخر.",
                    "No file, or one of which nothing can be imported; or a key that was used for "
                    "another request.",
                ),
                {JSON: Body(fault_schema(_FAULTS[0]), lambda _: refusal_examples(_FAULTS))},
                (*SPOKEN, *LIMITS),
            ),
        },
        parameters=("idempotency_key", "accept_language", "request_id"),
        refusals=("BadRequest",),
        body=Sent(
            "ImportFile",
            {"csv": {"summary": Text("ملف CSV", "A CSV file"), "value": {FIELD: _FILE}}},
            media_types=(MULTIPART.decode(),),
        ),
    ),
}
"""By method and path, as in the table of routes."""
