"""Create, Update and Delete Customer in words."""

from datetime import UTC, datetime

from msgspec import json
from msgspec.structs import replace

from sijill.api.description.examples import written_examples
from sijill.api.description.headers import API, LIMITS
from sijill.api.description.operation import (
    CONDITIONAL,
    JSON,
    Answer,
    Body,
    Operation,
    Sent,
    invalid,
)
from sijill.api.description.schemas import ref
from sijill.api.description.wording import Json, Text
from sijill.customers.fields import changed, read_customer
from sijill.customers.sample import AHMED
from sijill.database.idempotency_keys import KeyReused
from sijill.errors import Invalid
from sijill.http.envelope import success
from sijill.http.languages import DELETED

_NEW: Json = {
    "first_name": "Ahmed",
    "last_name": "Ali",
    "mobile": "777777777",
    "mobile_code_country": "+967",
    "gender": "female",
    "birthday": "1997-06-03",
    "email": "ahmedali@test.test",
    "groups": ["11323141", "11323142"],
}
_CHANGED: Json = {
    "first_name": "Ahmed",
    "last_name": "Ali",
    "email": "ahmed.ali@test.test",
    "gender": "female",
    "birthday": "1997-06-03",
}
_AT = datetime(2025, 3, 17, 9, 18, 35, tzinfo=UTC)

_FAULTY = Invalid(
    {
        name: ["required"]
        for name in ("first_name", "last_name", "country_code", "mobile_code_country", "mobile")
    }
)
_TAKEN = Invalid({"email": ["taken"]})


def _example(text: Text, value: Json) -> Json:
    return {"documented": {"summary": text, "value": value}}


CUSTOMER_OPERATIONS = {
    ("POST", "/customers"): Operation(
        id="createCustomer",
        tag="customers",
        summary=Text("إنشاء عميل", "Create Customer"),
        description=Text(
            "عميل جديد في متجر رمز الوصول، له جوال أو بريد على الأقل.",
            "A new customer of the access token's store, with a mobile or an e-mail at least.",
        ).then(
            Text(
                "مع `Idempotency-Key` يُنفَّذ الطلب مرة واحدة ولو أُرسل مرارًا خلال 24 ساعة.",
                "With `Idempotency-Key` it is done once, however often it is sent within 24 hours.",
            )
        ),
        answers={
            200: Answer(
                Text("العميل الجديد.", "The new customer."),
                {
                    JSON: Body(
                        ref("CustomerDetails"),
                        lambda _: written_examples(
                            replace(changed(None, read_customer(_NEW, new=True), _AT), id=AHMED.id)
                        ),
                    )
                },
                ("ETag", *API, *LIMITS),
                ("Idempotent-Replayed",),
            ),
            422: invalid(
                Text(
                    "حقول خاطئة، كلها معًا؛ أو جوال أو بريد لعميل آخر؛ أو مفتاح استُعمل لطلب آخر.",
                    "Faulty fields, all at once; or another customer's mobile or e-mail; or a key "
                    "that was used for another request.",
                ),
                _FAULTY,
                _TAKEN,
                KeyReused(),
            ),
        },
        parameters=("idempotency_key", "accept_language", "request_id"),
        refusals=("BadRequest",),
        body=Sent("CustomerFields", _example(Text("عميل جديد", "A new customer"), _NEW)),
    ),
    ("PUT", "/customers/{customer}"): Operation(
        id="updateCustomer",
        tag="customers",
        summary=Text("تعديل عميل", "Update Customer"),
        description=Text(
            "يُغيَّر ما سُمّي من الحقول ويبقى غيره كما كان.",
            "What the body names is changed, the rest stays as it was.",
        ).then(CONDITIONAL),
        answers={
            200: Answer(
                Text("العميل بعد تعديله.", "The customer as it is now."),
                {
                    JSON: Body(
                        ref("CustomerDetails"),
                        lambda _: written_examples(
                            changed(AHMED, read_customer(_CHANGED, new=False), _AT)
                        ),
                    )
                },
                ("ETag", *API, *LIMITS),
            ),
            422: invalid(
                Text(
                    "حقول خاطئة، كلها معًا؛ أو جوال أو بريد لعميل آخر.",
                    "Faulty fields, all at once; or another customer's mobile or e-mail.",
                ),
                Invalid({"first_name": ["max:25"], "birthday": ["date"]}),
                _TAKEN,
            ),
        },
        parameters=("customer", "if_match", "accept_language", "request_id"),
        refusals=("BadRequest", "NotFound", "PreconditionFailed"),
        body=Sent(
            "CustomerFields",
            _example(Text("بعض الحقول", "Some fields"), _CHANGED),
            required=False,
        ),
    ),
    ("DELETE", "/customers/{customer}"): Operation(
        id="deleteCustomer",
        tag="customers",
        summary=Text("حذف عميل", "Delete Customer"),
        description=Text(
            "يُنسى العميل وعضوياته، ولا يُعطى رقمه لغيره أبدًا.",
            "The customer and its memberships are forgotten; its id is never given again.",
        ).then(CONDITIONAL),
        answers={
            200: Answer(
                Text("حُذف.", "It is deleted."),
                {JSON: Body(ref("Deleted"), lambda _: _deleted_examples())},
                (*API, *LIMITS),
            ),
        },
        parameters=("customer", "if_match", "accept_language", "request_id"),
        refusals=("NotFound", "PreconditionFailed"),
    ),
}
"""By method and path, as in the table of routes."""


def _deleted_examples() -> Json:
    return {
        f"deleted_{language}": {
            "summary": Text("حُذف", "Deleted"),
            "value": json.decode(success([sentence])),
        }
        for language, sentence in DELETED.items()
    }
