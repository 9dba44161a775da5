"""Control calls about a namespace as a whole, and about all of them."""

from sijill.localized import Localized
from sijill.sandbox.control.answers import (
    NamespaceAnswer,
    NamespaceList,
    NewNamespace,
    OperationList,
)
from sijill.sandbox.control.problems import BAD_BODY, TOO_MANY, Problem, Refusal
from sijill.sandbox.control.route import Call, ControlRoute
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.namespaces import DEFAULT, NameTaken, NoSnapshot, SettingsRefused
from sijill.sandbox.new import New
from sijill.sandbox.operations import NAMES
from sijill.sandbox.seeds.faults import SeedRefused

TWO_BEGINNINGS = Refusal(
    422,
    Localized("لا يجتمع `seed` و `from`", "seed and from cannot be combined"),
)
NAME_TAKEN = Refusal(
    409,
    Localized("لمساحة أخرى هذا الاسم", "a namespace has this name already"),
)
NO_BEGINNING = Refusal(
    404, Localized("لا توجد لقطة للبدء بها", "there is no snapshot to begin with")
)
STAYS = Refusal(
    409,
    Localized(
        "لا تُحذف المساحة `default`: أعدها إلى بدايتها",
        "the default namespace cannot be removed: reset it",
    ),
)


async def _operations(_: Call) -> OperationList:
    return OperationList(sorted(NAMES))


async def _list(call: Call) -> NamespaceList:
    return NamespaceList(list(map(_described, call.namespaces.all())))


async def _create(call: Call) -> NewNamespace:
    new: New = call.body
    if new.document is not None and new.origin is not None:
        raise Problem(TWO_BEGINNINGS)
    try:
        made = await call.namespaces.create(new)
    except NameTaken:
        raise Problem(NAME_TAKEN) from None
    except NoSnapshot:
        raise Problem(NO_BEGINNING) from None
    except (SettingsRefused, SeedRefused) as fault:
        raise Problem(BAD_BODY, str(fault)) from None
    named, secrets = _described(made), made.identity.credentials
    return NewNamespace(
        name=named.name,
        url=named.url,
        token=secrets.token,
        refresh_token=secrets.refresh_token,
        client_id=made.client_id,
        client_secret=secrets.client_secret,
        control_token=secrets.control_token,
    )


def _described(namespace: Namespace) -> NamespaceAnswer:
    identity = namespace.identity
    return NamespaceAnswer(identity.name, f"{identity.url}/admin/v2")


async def _show(call: Call) -> NamespaceAnswer:
    return _described(call.namespace)


async def _delete(call: Call) -> None:
    if call.namespace.identity.name == DEFAULT:
        raise Problem(STAYS)
    await call.namespaces.remove(call.namespace.identity.name)


async def _reset(call: Call) -> None:
    await call.namespace.reset()


async def _settle(call: Call) -> None:
    await call.namespace.background.settle()


ROUTES = (
    ControlRoute(
        *("GET", "operations", _operations),
        id="listOperations",
        summary=Localized("أسماء العمليات", "List operations"),
        description=Localized(
            "الأسماء التي تستخدمها قواعد الأخطاء وشروط سجل الطلبات.",
            "The names that rules of faults and matches of the journal use.",
        ),
        answer=OperationList,
    ),
    ControlRoute(
        *("GET", "ns", _list),
        id="listNamespaces",
        summary=Localized("مساحات الاختبار", "List namespaces"),
        answer=NamespaceList,
    ),
    ControlRoute(
        *("POST", "ns", _create),
        id="createNamespace",
        summary=Localized("إنشاء مساحة اختبار", "Create a namespace"),
        description=Localized(
            "المساحة متجر قائم بذاته: عملاؤه وحدوده وساعته وأخطاؤه خاصة به.",
            "A namespace is a store of its own: its customers, limits, clock and faults.",
        ),
        answer=NewNamespace,
        body=New,
        example={"name": "t1", "settings": {"customers_limit": "500/10m"}},
        refusals=(NO_BEGINNING, NAME_TAKEN, TOO_MANY, TWO_BEGINNINGS),
        status=201,
    ),
    ControlRoute(
        *("GET", "ns/{ns}", _show),
        id="getNamespace",
        summary=Localized("عنوان مساحة اختبار", "Show a namespace"),
        answer=NamespaceAnswer,
    ),
    ControlRoute(
        *("DELETE", "ns/{ns}", _delete),
        id="deleteNamespace",
        summary=Localized("حذف مساحة اختبار", "Remove a namespace"),
        refusals=(STAYS,),
    ),
    ControlRoute(
        *("POST", "ns/{ns}/reset", _reset),
        id="resetNamespace",
        summary=Localized("إعادة مساحة اختبار إلى بدايتها", "Reset a namespace"),
        description=Localized(
            "تعود البيانات والساعة والحدود كما كانت أول الأمر، وتُحذف القواعد وسجل الطلبات.",
            "Rows, clock and limits are as they were at the beginning; rules and journal are gone.",
        ),
    ),
    ControlRoute(
        *("POST", "ns/{ns}/settle", _settle),
        id="settleNamespace",
        summary=Localized("انتظار انتهاء الأعمال", "Wait until all work is done"),
        description=Localized(
            "يُرد على الطلب بعد انتهاء الاستيراد وتقييم المجموعات وكل إرسال حان موعده.",
            "Answered once imports, the evaluation of groups and due deliveries are at rest.",
        ),
    ),
)
