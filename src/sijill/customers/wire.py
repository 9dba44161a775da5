"""
A customer as Salla's JSON: the keys, their order, types, words and values.

One Struct serves both profiles and all of `fields[]`: a key that is UNSET is left out. The file is
long, and stays whole: a new key and its value are written side by side.
"""

from collections.abc import Collection
from typing import Annotated, Any

from msgspec import UNSET, Struct, UnsetType

from sijill.customers.fields import OWN
from sijill.customers.model import GENDERS, NAME_LENGTH, Customer, Extras
from sijill.customers.row import own_columns, read_extras
from sijill.database.driver import Row
from sijill.fields.numbers import load_ids
from sijill.localized import Localized
from sijill.openapi.keys import Key, key
from sijill.stores.model import Store
from sijill.stores.profiles import PROFILES, Profile
from sijill.stores.wire import country_name
from sijill.values.dates import DateObject, date_object, day_object, moment_object
from sijill.values.ids import MAX_ID


class Urls(Struct, gc=False):
    """The addresses of one customer."""

    component = "Urls"
    words = Localized(
        "عنوانان من قوالب المتجر؛ فارغان إن لم يكن للمتجر قالب.",
        "Two addresses from the store's templates; empty where the store has no template.",
    )

    customer: Annotated[str, key("صفحة العميل في المتجر.", "The customer's page in the store.")]
    admin: Annotated[
        str, key("صفحة العميل في لوحة التحكم.", "The customer's page in the dashboard.")
    ]


class Stats(Struct, kw_only=True, gc=False):
    """The numbers of a customer's orders."""

    component = "Stats"
    words = Localized(
        "`orders_count` و `orders_amount`: المطلوب منهما فقط.",
        "`orders_count` and `orders_amount`: only those that were asked for.",
    )

    orders_count: Annotated[int | UnsetType, key("عدد الطلبات.", "The number of orders.")] = UNSET
    orders_amount: Annotated[
        float | UnsetType, key("مجموع مبالغ الطلبات.", "The total amount of the orders.")
    ] = UNSET


_Flag = bool | UnsetType
_Count = int | UnsetType
_Decimal = float | UnsetType


def _asked(ar: str, en: str) -> Key:
    """Return the annotation of a key that `fields[]` adds."""
    return key(ar, en, present="fields[]")


class CustomerAnswer(Struct, kw_only=True, gc=False):
    """
    One customer. The base keys are always there; the profile or `fields[]` adds the others.

    Source: Salla "Customer Details", GET /customers/{customer}. The keys of `fields[]` follow
    `groups` by name, except those of orders and ratings.
    """

    component = "Customer"
    words = Localized(
        "عميل في المتجر. المفاتيح الأساسية موجودة دائمًا، ولا تتغير بتغير لغة الطلب.",
        "A customer of the store. The base keys are always present, and do not depend on "
        "the language of the request.",
    )

    id: Annotated[
        int,
        key(
            *("رقم العميل، فريد في المتجر.", "The customer's id, unique in the store."),
            format="int64",
            ge=1,
            le=MAX_ID,
        ),
    ]
    full_name: Annotated[
        str | UnsetType,
        key("الاسم الكامل.", "First and last name together.", present="observed"),
    ] = UNSET
    first_name: Annotated[str, key("الاسم الأول.", "First name.", maxLength=NAME_LENGTH)]
    last_name: Annotated[str, key("اسم العائلة.", "Last name.", maxLength=NAME_LENGTH)]
    mobile: Annotated[
        int | None,
        key(
            "رقم الجوال بلا مفتاح الدولة وبلا صفر في أوله؛ `null` إن لم يوجد.",
            "The national mobile number, without country code or leading zero; `null` "
            "without a mobile.",
        ),
    ]
    mobile_code: Annotated[
        str,
        key(
            'مفتاح الدولة للجوال: `"967"`، وفي الصيغة `observed` هو `"+967"`؛ فارغ إن لم يوجد '
            "جوال.",
            'The mobile\'s calling code: `"967"`, in the `observed` profile `"+967"`; empty where '
            "there is no mobile.",
            pattern=r"^(\+?[0-9]{1,3})?$",
        ),
    ]
    email: Annotated[str, key("البريد الإلكتروني؛ فارغ إن لم يوجد.", "E-mail; empty if unknown.")]
    urls: Annotated[Urls, key("عنوانا العميل.", "The customer's addresses.")]
    avatar: Annotated[
        str,
        key(
            "رابط الصورة؛ وإن لم تُحدَّد فهي صورة المتجر الافتراضية بحسب الجنس.",
            "The URL of the picture; by default the store's picture for the gender.",
        ),
    ]
    gender: Annotated[
        str | None,
        key("الجنس؛ `null` إن لم يُعرف.", "Gender; `null` if unknown.", enum=[*GENDERS, None]),
    ]
    birthday: Annotated[
        DateObject | None,
        key(
            "تاريخ الميلاد عند بداية اليوم؛ `null` إن لم يُعرف.",
            "Day of birth, at midnight; `null` if unknown.",
        ),
    ]
    city: Annotated[str, key("المدينة؛ فارغة إن لم تُعرف.", "City; empty if unknown.")]
    country: Annotated[
        str,
        key(
            "الدولة كما حُفظت؛ وإن لم يُعرف إلا رمزها فاسمها بلغة المتجر.",
            "Country as it was stored, or its name in the store's language if only the code "
            "is known.",
        ),
    ]
    country_code: Annotated[
        str,
        key(
            'رمز الدولة ISO 3166: `"sa"`، وفي الصيغة `observed` هو `"SA"`؛ فارغ إن لم يُعرف.',
            'ISO 3166 code: `"sa"`, in the `observed` profile `"SA"`; empty if unknown.',
        ),
    ]
    currency: Annotated[
        str,
        key(
            "العملة ISO 4217؛ عملة المتجر إن لم تُحدَّد.",
            "ISO 4217 currency; by default the store's.",
        ),
    ]
    location: Annotated[
        str,
        key(
            'العنوان؛ نص دائمًا: `"null"` إن لم يُعرف، وفي الصيغة `observed` نص فارغ.',
            'Address, always text: `"null"` if unknown, in the `observed` profile empty.',
        ),
    ]
    lang: Annotated[
        str | UnsetType, key("لغة العميل.", "The customer's language.", present="observed")
    ] = UNSET
    created_at: Annotated[
        DateObject | UnsetType,
        key("وقت إنشاء العميل.", "When the customer was created.", present="observed"),
    ] = UNSET
    updated_at: Annotated[DateObject, key("آخر تعديل.", "When it was last changed.")]
    stats: Annotated[Stats | UnsetType, _asked("أرقام الطلبات.", "Numbers of orders.")] = UNSET
    is_orders_rated: Annotated[
        _Flag, _asked("هل قيّم طلباته.", "Whether the orders were rated.")
    ] = UNSET
    pending_rating_count: Annotated[
        _Count,
        _asked(
            "طلبات تنتظر التقييم؛ يأتي مع `is_orders_rated`.",
            "Orders that wait for a rating; comes along with `is_orders_rated`.",
        ),
    ] = UNSET
    groups: Annotated[
        tuple[int, ...],
        key("أرقام مجموعات العميل تصاعديًا.", "Ids of the customer's groups, ascending."),
    ]
    abandoned_carts_items: Annotated[
        Any,
        _asked(
            "محتوى السلات المتروكة كما كُتب؛ `null` إن لم يُكتب.",
            "What abandoned carts hold, as it was written; `null` until then.",
        ),
    ] = UNSET
    block_reason: Annotated[
        str | UnsetType | None, _asked("سبب الحظر.", "Why the customer is blocked.")
    ] = UNSET
    country_id: Annotated[
        int | UnsetType | None, _asked("رقم الدولة في سلة.", "The country's id at Salla.")
    ] = UNSET
    current_store_customer: Annotated[
        Any,
        _asked(
            "علاقة العميل بهذا المتجر كما كُتبت؛ `null` إن لم تُكتب.",
            "How the customer stands to this store, as it was written; `null` until then.",
        ),
    ] = UNSET
    custom_fields: Annotated[
        Any,
        _asked(
            "حقول المتجر الخاصة كما كُتبت؛ `[]` إن لم تُكتب.",
            "The store's own fields, as they were written; `[]` until then.",
        ),
    ] = UNSET
    is_blocked: Annotated[_Flag, _asked("هل العميل محظور.", "Whether the customer is blocked.")] = (
        UNSET
    )
    is_inactive: Annotated[
        _Flag, _asked("هل العميل غير نشط.", "Whether the customer is inactive.")
    ] = UNSET
    is_notifications_enabled: Annotated[
        _Flag,
        _asked(
            "هل يستقبل الإشعارات؛ `true` ما لم يُكتب غيره.",
            "Whether notifications are on; `true` until written otherwise.",
        ),
    ] = UNSET
    is_whitelisted: Annotated[
        _Flag, _asked("هل العميل في القائمة البيضاء.", "Whether the customer is whitelisted.")
    ] = UNSET
    latest_purchase: Annotated[
        DateObject | UnsetType | None, _asked("آخر شراء.", "The latest purchase.")
    ] = UNSET
    orders_average: Annotated[
        _Decimal, _asked("متوسط مبلغ الطلب.", "What an order comes to on average.")
    ] = UNSET
    orders_cancel: Annotated[_Count, _asked("الطلبات الملغاة.", "Cancelled orders.")] = UNSET
    orders_cancel_ratio: Annotated[
        _Decimal, _asked("نسبة الإلغاء المئوية.", "Cancelled orders in a hundred.")
    ] = UNSET
    orders_complete_ratio: Annotated[
        _Decimal, _asked("نسبة الاكتمال المئوية.", "Completed orders in a hundred.")
    ] = UNSET
    total_points: Annotated[_Count, _asked("نقاط الولاء.", "Loyalty points.")] = UNSET
    wallet_balance: Annotated[_Decimal, _asked("رصيد المحفظة.", "The wallet's balance.")] = UNSET


def body(customer: Customer, store: Store, fields: Collection[str] = ()) -> CustomerAnswer:
    """Return the `data` of one customer in the store's profile, with the extra `fields`."""
    answer = _own_keys(store, *own_columns(customer))
    if fields and customer.extras is not None:
        _add_extras(answer, customer.extras, store, fields)
    return answer


def body_of_row(row: Row, store: Store, fields: Collection[str] = ()) -> CustomerAnswer:
    """
    Return the same of a row that holds `customer_columns` and, for `fields`, `extra_columns`.

    A read answers from its row: to make a `Customer` first would take as long again.
    """
    answer = _own_keys(store, *row[: len(OWN)])
    if fields:
        _add_extras(answer, read_extras(row), store, fields)
    return answer


def _own_keys(
    store: Store,
    id: int,
    first_name: str,
    last_name: str,
    mobile: int | None,
    mobile_code: str,
    email: str,
    avatar: str,
    gender: str | None,
    birthday: str | None,
    city: str,
    country: str,
    country_code: str,
    currency: str,
    location: str,
    lang: str,
    created_at: int,
    updated_at: int,
    groups: str | None,
) -> CustomerAnswer:
    """Return the keys without those of `fields[]`. The arguments are the columns in their order."""
    profile, timezone, number = PROFILES[store.profile], store.timezone, str(id)
    calling_code = profile.mobile_code_prefix + mobile_code
    answer = CustomerAnswer(
        id=id,
        first_name=first_name,
        last_name=last_name,
        mobile=mobile,
        mobile_code=calling_code if mobile_code and mobile is not None else "",
        email=email,
        urls=Urls(
            store.customer_url.replace("{id}", number), store.admin_url.replace("{id}", number)
        ),
        avatar=avatar or _default_avatar(gender, store, profile),
        gender=gender,
        birthday=day_object(birthday, timezone) if birthday else None,
        city=city,
        country=country or country_name(country_code, store.locale),
        country_code=country_code if profile.upper_country_code else country_code.lower(),
        currency=currency or store.currency,
        location=location or profile.no_location,
        updated_at=moment_object(updated_at, timezone),
        groups=load_ids(groups),
    )
    if profile.more_keys:
        answer.full_name = f"{first_name} {last_name}".strip()
        answer.lang = lang or store.locale
        answer.created_at = moment_object(created_at, timezone)
    return answer


def _add_extras(
    answer: CustomerAnswer, extras: Extras, store: Store, fields: Collection[str]
) -> None:
    stats = {name: _extra(extras, name, store) for name in STATS if name in fields}
    if stats:
        answer.stats = Stats(**stats)
    if "is_orders_rated" in fields:
        answer.pending_rating_count = extras.pending_rating_count
    for name in fields:
        if name in _UNCHANGED:
            setattr(answer, name, getattr(extras, name))
        elif name not in STATS:
            setattr(answer, name, _extra(extras, name, store))


def _default_avatar(gender: str | None, store: Store, profile: Profile) -> str:
    own = store.avatar_female if gender == "female" else store.avatar_male
    return own or profile.avatars[gender or ""]


def _extra(extras: Extras, name: str, store: Store) -> Any:
    value = getattr(extras, name)
    if name in _DECIMALS:  # Salla's samples write a whole amount or ratio as an integer
        return int(value) if value == int(value) else value
    return value and date_object(value, store.timezone) if name == "latest_purchase" else value


EXTRAS = tuple(name for name in Extras.__struct_fields__ if name != "pending_rating_count")
"""The names that `fields[]` knows on Customer Details; the one left out comes with another."""

LIST_EXTRAS = frozenset(
    {
        *("is_blocked", "is_whitelisted", "block_reason", "is_inactive", "total_points"),
        *("country_id", "custom_fields", "current_store_customer", "is_orders_rated"),
        "is_notifications_enabled",
    }
)
"""The names that `fields[]` knows on List Customers. Source: Salla "List Customers"."""

STATS = ("orders_count", "orders_amount")
_DECIMALS = {
    *("orders_amount", "orders_average", "orders_complete_ratio", "orders_cancel_ratio"),
    "wallet_balance",
}
_UNCHANGED = frozenset(EXTRAS) - _DECIMALS - {*STATS, "latest_purchase"}
