"""The routes of groups, with their description."""

from functools import partial
from typing import Annotated, Any, Literal

from sijill.errors import Invalid
from sijill.groups.fields import ADDITION, DEFAULT_GROUP
from sijill.groups.fields import GROUP as FIELDS
from sijill.groups.model import Group
from sijill.groups.wire import ADDED, DEFAULT_CHANGED, DELETED, GroupAnswer, body
from sijill.http.envelope import Sentence
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.openapi.examples import one_example, page_example, success_answer
from sijill.openapi.keys import Json, key
from sijill.openapi.operation import FAULTY, JSON, Envelope, Request, answer, refused
from sijill.openapi.parameters import ONCE, PER_PAGE, in_path
from sijill.stores.model import CUSTOMER_ID

_SCHEMA = FIELDS.schema(
    sentence=Localized(
        "حقول المجموعة التي يمكن كتابتها. كلها اختيارية، والحقل المجهول يُهمل.",
        "The fields of a group. All are optional, and unknown fields are ignored.",
    ),
)

READ, WRITE = ("customers.read",), ("customers.read_write",)

_PATH = "/customers/groups"
_ONE = f"{_PATH}/{{group}}"
_VIP, _GOLDEN = Group(11323141, "VIP"), Group(11323142, "Golden")
_FEATURES: Json = {"payment_method": ["mada", "cod"], "shipping": ["all"]}
_NEW: Json = {
    "name": "VIP",
    "conditions": [{"type": "total_sales", "symbol": ">", "value": 100}],
    "features": _FEATURES,
}
_CHANGED: Json = {
    "conditions": [{"type": "total_sales", "symbol": "between", "min_value": 100, "max_value": 500}]
}
_ADDITION: Json = {"group_id": _VIP.id, "customers": [CUSTOMER_ID]}

GROUP = in_path(
    "group",
    Localized(
        "رقم المجموعة، بالأرقام 0-9 ودون صفر في أوله. وأي قيمة أخرى يُرد عليها بـ 404.",
        "The group's id, in ASCII digits without a leading zero. Anything else gets a 404.",
    ),
    _VIP.id,
)

_KEPT = Localized(
    "للعضوية سببان: الشروط والإضافة المباشرة. ويبقى العميل في المجموعة ما بقي أحدهما.",
    "A customer is a member for two reasons: by the conditions, or because a request added "
    "them. They stay as long as either reason holds.",
)
_CONDITIONS = Invalid({"conditions.0.type": ["invalid"], "conditions.0.value": ["required"]})

_route = partial(Route, customers=True, tag="groups")


def group_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of groups; `handlers` has one for each."""
    return (
        _list(handlers.list_groups),
        _create(handlers.create),
        _update(handlers.update),
        _delete(handlers.delete),
        _update_default(handlers.update_default),
        _add_customers(handlers.add_customers),
    )


def _fields(text: Localized, value: Json) -> Request:
    example = one_example(text, value)
    return Request("GroupFields", _SCHEMA, example, required=False, media_types=(JSON,))


def _list(handler: Any) -> Route:
    listed = Envelope(list[GroupAnswer], paged=True)
    rows, text = [body(_VIP), body(_GOLDEN)], Localized("مجموعتان", "Two groups")
    return _route(
        *("GET", _PATH, handler),
        scopes=READ,
        id="listGroups",
        summary=Localized("قائمة المجموعات", "List Customer Groups"),
        description=Localized(
            "مجموعات المتجر الذي صدر له رمز الوصول، ومنها المجموعة الافتراضية، مرتبة بأرقامها.",
            "The groups of the access token's store, including the default group, by id ascending.",
        ),
        answers={
            200: answer(
                *(Localized("صفحة من المجموعات.", "A page of groups."), listed),
                lambda base: page_example(text, base + _PATH, rows, total=2, per_page=15),
            )
        },
        paginated=PER_PAGE,
        cached=True,
    )


def _create(handler: Any) -> Route:
    return _route(
        *("POST", _PATH, handler),
        scopes=WRITE,
        id="createGroup",
        summary=Localized("إنشاء مجموعة", "Create Customer Group"),
        description=Localized(
            "ينشئ مجموعة. وينضم إليها من يستوفي شروطها بعد الرد بقليل.",
            "Creates a group. Customers who meet its conditions join shortly after the answer.",
        ).then(_KEPT),
        body=_fields(Localized("مجموعة بشرط", "A group with a condition"), _NEW),
        answers={
            **success_answer(Localized("المجموعة.", "The group."), GroupAnswer, body(_VIP)),
            422: refused(FAULTY, _CONDITIONS),
        },
        idempotent=ONCE,
    )


def _update(handler: Any) -> Route:
    return _route(
        *("PUT", _ONE, handler),
        scopes=WRITE,
        id="updateGroup",
        summary=Localized("تعديل مجموعة", "Update Customer Group"),
        description=Localized(
            "تتغير الحقول المرسلة فقط. وتُطبَّق الشروط الجديدة على كل العملاء بعد الرد بقليل.",
            "Changes the fields in the body. New conditions are applied to every customer "
            "shortly after the answer.",
        ).then(_KEPT),
        parameters=(GROUP,),
        body=_fields(Localized("شروط أخرى", "Other conditions"), _CHANGED),
        answers={
            **success_answer(Localized("المجموعة.", "The group."), GroupAnswer, body(_VIP)),
            422: refused(
                Localized(
                    "حقول غير صحيحة، تُذكر كلها معًا؛ أو اسم أو شروط للمجموعة الافتراضية.",
                    "Invalid fields, all named at once; or a name or conditions for the "
                    "default group.",
                ),
                *(_CONDITIONS, Invalid({"name": ["default_group"]})),
            ),
        },
    )


def _delete(handler: Any) -> Route:
    return _route(
        *("DELETE", _ONE, handler),
        scopes=WRITE,
        id="deleteGroup",
        summary=Localized("حذف مجموعة", "Delete Customer Group"),
        description=Localized(
            "تُحذف المجموعة وعضوياتها، ويبقى العملاء.",
            "The group and its memberships are deleted; the customers stay.",
        ),
        parameters=(GROUP,),
        answers={
            **success_answer(
                Localized("حُذفت المجموعة.", "The group is deleted."),
                Sentence[Literal[202]],
                DELETED,
                status=202,
            ),
            422: refused(
                Localized("لا تُحذف المجموعة الافتراضية.", "The default group cannot be deleted."),
                Invalid({"group": ["default_group"]}),
            ),
        },
    )


def _update_default(handler: Any) -> Route:
    sent = one_example(Localized("مزايا المجموعة", "Features"), {"features": _FEATURES})
    return _route(
        *("POST", f"{_PATH}/default", handler),
        scopes=WRITE,
        id="updateDefaultGroup",
        summary=Localized("تعديل المجموعة الافتراضية", "Update Default Customer Group"),
        description=Localized(
            "لا يمكن تغيير غير `features`. ويدخل هذه المجموعة كل عميل جديد لم تُحدَّد مجموعاته.",
            "Only its `features` can change. A new customer without `groups` joins this group.",
        ),
        body=Request(
            *("DefaultGroupFields", DEFAULT_GROUP.schema("features"), sent), media_types=(JSON,)
        ),
        answers={
            **success_answer(
                *(Localized("عُدِّلت المجموعة.", "The group is changed."), Sentence[Literal[201]]),
                *(DEFAULT_CHANGED, 201),
            ),
            422: refused(FAULTY, Invalid({"features": ["required"]})),
        },
        idempotent=ONCE,
    )


def _add_customers(handler: Any) -> Route:
    sentence = Annotated[list[str], key("جملة ثابتة.", "A fixed sentence.")]
    sent = one_example(Localized("عميل", "A customer"), _ADDITION)
    return _route(
        *("POST", f"{_PATH}/add_customers", handler),
        scopes=WRITE,
        id="addCustomersToGroup",
        summary=Localized("إضافة عملاء إلى مجموعة", "Add Customers To Group"),
        description=Localized(
            "يُضاف العملاء كلهم أو لا يُضاف أحد منهم. ومن كان فيها يبقى.",
            "Adds all of the customers, or none of them. Members stay members.",
        ),
        body=Request("GroupAddition", ADDITION.schema("group_id", "customers"), sent),
        answers={
            **success_answer(
                Localized("أُضيف العملاء.", "The customers are added."), sentence, ADDED
            ),
            422: refused(
                Localized(
                    "حقول غير صحيحة، تُذكر كلها معًا. ويُذكر موضع كل رقم ليس لعميل في المتجر.",
                    "Invalid fields, all named at once. An id that is not a customer of the "
                    "store is named by its place in the list.",
                ),
                Invalid({"group_id": ["integer"], "customers.0": ["invalid"]}),
                Invalid({"group_id": ["required"], "customers": ["required"]}),
            ),
        },
        idempotent=ONCE,
    )
