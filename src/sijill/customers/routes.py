"""The routes of customers, and what each is in words."""

from functools import partial
from typing import Annotated, Any

from sijill.customers.examples import (
    AHMED,
    CHANGED,
    NEW,
    created_examples,
    deleted_examples,
    details_examples,
    list_examples,
    updated_examples,
)
from sijill.customers.fields import CUSTOMER as FIELDS
from sijill.customers.query import MAX_KEYWORD
from sijill.customers.search import MAX_TERMS
from sijill.customers.wire import EXTRAS, LIST_EXTRAS, CustomerAnswer
from sijill.errors import Invalid
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.openapi.examples import one_example
from sijill.openapi.keys import key
from sijill.openapi.operation import Envelope, Parameter, Request, answer, refused
from sijill.openapi.parameters import ONCE, PER_PAGE, TEXT, extra_fields, in_path, in_query

READ, WRITE = ("customers.read",), ("customers.read_write",)

CUSTOMER = in_path(
    "customer",
    Localized(
        "رقم العميل، بأرقام ASCII وبلا صفر في أوله. أي شيء آخر جوابه 404.",
        "The customer's id, in ASCII digits without a leading zero. Anything else is a 404.",
    ),
    AHMED.id,
)
_KEYWORD = in_query(
    "keyword",
    TEXT,
    Localized(
        "من يُعثر عليهم بجوال أو بريد أو اسم. كل كلمة بداية لشيء من ذلك، بأي ترتيب؛ والجوال بأي "
        "كتابة: `966511804534` و `+966 51 180 4534` و `٠٥١١٨٠٤٥٣٤`. صور الألف والواو والياء "
        "والتاء المربوطة والتشكيل والتطويل وحالة الحروف لا تفرّق. "
        f"لا يُقرأ أكثر من {MAX_KEYWORD} حرف و {MAX_TERMS} كلمات، والفارغ كأنه لم يُرسل، وما لا حرف "
        "فيه ولا رقم لا يجد أحدًا.",
        "Customers found by mobile, e-mail or name. Each word is the beginning of one of "
        "these, in any order; a mobile may be spelled in any way: `966511804534`, "
        "`+966 51 180 4534`, `٠٥١١٨٠٤٥٣٤`. Forms of alef, waw, yeh and teh marbuta, "
        "diacritics, tatweel and case do not matter. "
        f"At most {MAX_KEYWORD} characters and {MAX_TERMS} words are read, empty is as "
        "if it were not sent, and what has neither letter nor digit finds nobody.",
    ),
    "966511804534",
)


def _day(name: str, text: Localized) -> Parameter:
    more = Localized(
        "يوم كامل بتوقيت المتجر، بصيغة `YYYY-MM-DD`؛ ما ليس يومًا جوابه 422، والفارغ كأنه لم يُرسل.",
        "A whole day in the store's zone, written `YYYY-MM-DD`; what is no day is a 422, empty is "
        "as if it were not sent.",
    )
    return in_query(name, TEXT | {"format": "date"}, text.then(more))


_FILTERS = (
    _KEYWORD,
    _day("date_from", Localized("من أُنشئوا في هذا اليوم أو بعده.", "Created that day or later.")),
    _day("date_to", Localized("من أُنشئوا في هذا اليوم أو قبله.", "Created that day or before.")),
    extra_fields([name for name in EXTRAS if name in LIST_EXTRAS], "list_fields"),
)

_DETAILS = Envelope(
    Annotated[CustomerAnswer, key("العميل.", "The customer.")], component="CustomerDetails"
)
_LIST = Envelope(
    Annotated[
        list[CustomerAnswer],
        key(
            "عملاء هذه الصفحة، الأحدث إنشاءً أولًا؛ وبعد آخر صفحة `[]`.",
            "This page's customers, latest created first; `[]` past the last page.",
        ),
    ],
    component="CustomerList",
    paged=True,
)
_DELETED = Envelope(Annotated[list[str], key("جملة واحدة.", "One sentence.")], component="Deleted")

_TAKEN = Invalid({"email": ["taken"]})


_SCHEMA = FIELDS.schema(
    sentence=Localized(
        "ما يُكتب من العميل. كل حقل اختياري، والمجهول يُهمل؛ والفارغ في غير ما يُمحى خطأ.",
        "What is written of a customer. Every field is optional, unknown ones are ignored; "
        "an empty one is a fault where it does not clear.",
    )
)


_route = partial(Route, customers=True, tag="customers")


def customer_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of reading and writing customers; `handlers` has one for each."""
    return (
        _details(handlers.details),
        _list(handlers.list_customers),
        _create(handlers.create),
        _update(handlers.update),
        _delete(handlers.delete),
    )


def _details(handler: Any) -> Route:
    return _route(
        *("GET", "/customers/{customer}", handler),
        scopes=READ,
        id="getCustomer",
        summary=Localized("تفاصيل عميل", "Customer Details"),
        description=Localized(
            "عميل واحد من متجر رمز الوصول. عميل متجر آخر كعميل لا وجود له: 404.",
            "One customer of the access token's store. Another store's customer is as one "
            "that does not exist: 404.",
        ),
        parameters=(CUSTOMER, extra_fields(EXTRAS, "fields")),
        answers={200: answer(Localized("العميل.", "The customer."), _DETAILS, details_examples)},
        cached=True,
    )


def _list(handler: Any) -> Route:
    return _route(
        *("GET", "/customers", handler),
        scopes=READ,
        id="listCustomers",
        summary=Localized("قائمة العملاء", "List Customers"),
        description=Localized(
            "عملاء متجر رمز الوصول صفحةً صفحة: الأحدث إنشاءً أولًا، ثم الأكبر رقمًا.",
            "The customers of the access token's store, page by page: latest created first, "
            "then the larger id.",
        ),
        parameters=_FILTERS,
        answers={
            200: answer(
                Localized(
                    "صفحة من العملاء؛ بعد آخر صفحة فارغة.",
                    "A page of customers; past the last one it is empty.",
                ),
                *(_LIST, list_examples),
            ),
            422: refused(
                Localized(
                    "`date_from` أو `date_to` ليس يومًا.", "`date_from` or `date_to` is no day."
                ),
                Invalid({"date_from": ["date"]}),
            ),
        },
        paginated=PER_PAGE,
        cached=True,
    )


def _sent(text: Localized, value: dict[str, Any], *, required: bool) -> Request:
    return Request("CustomerFields", _SCHEMA, one_example(text, value), required)


def _create(handler: Any) -> Route:
    needed = ("first_name", "last_name", "country_code", "mobile_code_country", "mobile")
    return _route(
        *("POST", "/customers", handler),
        scopes=WRITE,
        id="createCustomer",
        summary=Localized("إنشاء عميل", "Create Customer"),
        description=Localized(
            "عميل جديد في متجر رمز الوصول، له جوال أو بريد على الأقل.",
            "A new customer of the access token's store, with a mobile or an e-mail at least.",
        ),
        body=_sent(Localized("عميل جديد", "A new customer"), NEW, required=True),
        answers={
            200: answer(
                Localized("العميل الجديد.", "The new customer."),
                *(_DETAILS, created_examples, "ETag"),
            ),
            422: refused(
                Localized(
                    "حقول خاطئة، كلها معًا؛ أو جوال أو بريد لعميل آخر؛ أو مفتاح استُعمل لطلب آخر.",
                    "Faulty fields, all at once; or another customer's mobile or e-mail; or a key "
                    "that was used for another request.",
                ),
                *(Invalid({name: ["required"] for name in needed}), _TAKEN),
            ),
        },
        idempotent=ONCE,
    )


def _update(handler: Any) -> Route:
    return _route(
        *("PUT", "/customers/{customer}", handler),
        scopes=WRITE,
        id="updateCustomer",
        summary=Localized("تعديل عميل", "Update Customer"),
        description=Localized(
            "يُغيَّر ما سُمّي من الحقول ويبقى غيره كما كان.",
            "The fields of the body are changed, the rest stay as they were.",
        ),
        parameters=(CUSTOMER,),
        body=_sent(Localized("بعض الحقول", "Some fields"), CHANGED, required=False),
        answers={
            200: answer(
                Localized("العميل بعد تعديله.", "The customer as it is now."),
                *(_DETAILS, updated_examples, "ETag"),
            ),
            422: refused(
                Localized(
                    "حقول خاطئة، كلها معًا؛ أو جوال أو بريد لعميل آخر.",
                    "Faulty fields, all at once; or another customer's mobile or e-mail.",
                ),
                *(Invalid({"first_name": ["max:25"], "birthday": ["date"]}), _TAKEN),
            ),
        },
        conditional=True,
    )


def _delete(handler: Any) -> Route:
    return _route(
        *("DELETE", "/customers/{customer}", handler),
        scopes=WRITE,
        id="deleteCustomer",
        summary=Localized("حذف عميل", "Delete Customer"),
        description=Localized(
            "يُنسى العميل وعضوياته، ولا يُعطى رقمه لغيره أبدًا.",
            "The customer and its memberships are forgotten; its id is never given again.",
        ),
        parameters=(CUSTOMER,),
        answers={200: answer(Localized("حُذف.", "It is deleted."), _DELETED, deleted_examples)},
        conditional=True,
    )
