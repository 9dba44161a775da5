"""The routes of customers, and what each is in words."""

from functools import partial
from typing import Annotated, Any

from sijill.customers.examples import (
    AHMED,
    CHANGED,
    NEW,
    REFUSED_CHANGE,
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
from sijill.errors import Held, Invalid, NotStored
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
        "رقم العميل، بالأرقام 0-9 ودون صفر في أوله. وأي قيمة أخرى يُرد عليها بـ 404.",
        "The customer's id, in ASCII digits without a leading zero. Anything else gets a 404.",
    ),
    AHMED.id,
)
_KEYWORD = in_query(
    "keyword",
    TEXT,
    Localized(
        "البحث بالجوال أو البريد أو الاسم. تُطابق كل كلمة بداية أحدها، بأي ترتيب. ويُكتب الجوال بأي "
        "صورة: `966511804534` و `+966 51 180 4534` و `٠٥١١٨٠٤٥٣٤`. ولا فرق بين صور الألف والواو "
        "والياء والتاء المربوطة، ولا أثر للتشكيل والتطويل وحالة الحروف. "
        f"يُقرأ حتى {MAX_KEYWORD} حرف و {MAX_TERMS} كلمات. والقيمة الفارغة تُهمل، والقيمة التي لا "
        "حرف فيها ولا رقم لا تجد أحدًا.",
        "Finds customers by mobile, e-mail or name. Each word matches the beginning of one of "
        "these, in any order. A mobile may be written in any way: `966511804534`, "
        "`+966 51 180 4534`, `٠٥١١٨٠٤٥٣٤`. Forms of alef, waw, yeh and teh marbuta, "
        "diacritics, tatweel and case do not matter. "
        f"At most {MAX_KEYWORD} characters and {MAX_TERMS} words are read. An empty value is "
        "ignored, and a value without any letter or digit finds nobody.",
    ),
    "966511804534",
)


def _day(name: str, text: Localized) -> Parameter:
    more = Localized(
        "يوم كامل بتوقيت المتجر، بصيغة `YYYY-MM-DD`. القيمة التي ليست تاريخًا صحيحًا يُرد عليها "
        "بـ 422، والفارغة تُهمل.",
        "A whole day in the store's time zone, written `YYYY-MM-DD`. A value that is not a "
        "day gets a 422; an empty one is ignored.",
    )
    return in_query(name, TEXT | {"format": "date"}, text.then(more))


_FILTERS = (
    _KEYWORD,
    _day(
        "date_from",
        Localized("العملاء الذين أُنشئوا في هذا اليوم أو بعده.", "Created that day or later."),
    ),
    _day(
        "date_to",
        Localized("العملاء الذين أُنشئوا في هذا اليوم أو قبله.", "Created that day or before."),
    ),
    extra_fields([name for name in EXTRAS if name in LIST_EXTRAS], "list_fields"),
)

_DETAILS = Envelope(
    Annotated[CustomerAnswer, key("العميل.", "The customer.")], component="CustomerDetails"
)
_LIST = Envelope(
    Annotated[
        list[CustomerAnswer],
        key(
            "عملاء هذه الصفحة، الأحدث إنشاءً أولًا؛ و `[]` بعد الصفحة الأخيرة.",
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
        "حقول العميل التي يمكن كتابتها. كلها اختيارية، والحقل المجهول يُهمل. والحقل الفارغ "
        "خطأ، إلا حيث يمحو القيمة.",
        "The fields of a customer that can be written. All are optional, and unknown fields "
        "are ignored. An empty field is an error unless it clears the value.",
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
            "عميل واحد من المتجر الذي صدر له رمز الوصول. أما عميل متجر آخر فيُرد عليه بـ 404 "
            "كأنه غير موجود.",
            "One customer of the access token's store. A customer of another store gets a "
            "404, as if they did not exist.",
        ),
        parameters=(CUSTOMER, extra_fields(EXTRAS, "fields")),
        answers={200: answer(Localized("العميل.", "The customer."), _DETAILS, details_examples)},
        faults=(NotStored,),
        cached=True,
    )


def _list(handler: Any) -> Route:
    return _route(
        *("GET", "/customers", handler),
        scopes=READ,
        id="listCustomers",
        summary=Localized("قائمة العملاء", "List Customers"),
        description=Localized(
            "عملاء المتجر الذي صدر له رمز الوصول، مقسّمين على صفحات: الأحدث إنشاءً أولًا، ثم "
            "الأكبر رقمًا.",
            "The customers of the access token's store, page by page: newest first, then by "
            "id, largest first.",
        ),
        parameters=_FILTERS,
        answers={
            200: answer(
                Localized(
                    "صفحة من العملاء، وهي فارغة بعد الصفحة الأخيرة.",
                    "A page of customers. After the last page it is empty.",
                ),
                *(_LIST, list_examples),
            ),
            422: refused(
                Localized(
                    "`date_from` أو `date_to` ليس تاريخًا صحيحًا.",
                    "`date_from` or `date_to` is not a day.",
                ),
                Invalid({"date_from": ["date"]}),
            ),
        },
        paginated=PER_PAGE,
        faults=(NotStored,),
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
            "ينشئ عميلًا في المتجر الذي صدر له رمز الوصول. يلزم رقم جوال أو بريد على الأقل.",
            "Creates a customer in the access token's store. A mobile or an e-mail is required.",
        ),
        body=_sent(Localized("عميل جديد", "A new customer"), NEW, required=True),
        answers={
            200: answer(
                Localized("العميل الجديد.", "The new customer."),
                *(_DETAILS, created_examples, "ETag"),
            ),
            422: refused(
                Localized(
                    "حقول غير صحيحة، تُذكر كلها معًا؛ أو جوال أو بريد يستخدمه عميل آخر؛ أو "
                    "مفتاح استُخدم في طلب آخر.",
                    "Invalid fields, all named at once; or a mobile or e-mail that another "
                    "customer has; or a key that was used for another request.",
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
            "تتغير الحقول المرسلة فقط، ويبقى غيرها كما كان.",
            "Changes the fields in the body. All other fields stay as they were.",
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
                    "حقول غير صحيحة، تُذكر كلها معًا؛ أو جوال أو بريد يستخدمه عميل آخر.",
                    "Invalid fields, all named at once; or a mobile or e-mail that another "
                    "customer has.",
                ),
                *(REFUSED_CHANGE, _TAKEN),
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
            "يُحذف العميل وعضوياته نهائيًا، ولا يُعطى رقمه لعميل آخر أبدًا.",
            "Deletes the customer and their memberships for good. The id is never used again.",
        ),
        parameters=(CUSTOMER,),
        answers={
            200: answer(
                Localized("حُذف العميل.", "The customer is deleted."), _DELETED, deleted_examples
            )
        },
        conditional=True,
        faults=(Held,),
    )
