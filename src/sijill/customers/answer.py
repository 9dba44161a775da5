"""
The keys of a customer on the wire: their order, types, and words.

One Struct serves both profiles and all of `fields[]`: a key that is UNSET is left out.
"""

from typing import Annotated, Any

from msgspec import UNSET, Struct, UnsetType

from sijill.customers.model import GENDERS, NAME_LENGTH
from sijill.localized import Localized
from sijill.openapi.keys import Key, key
from sijill.values.dates import DateObject
from sijill.values.ids import MAX_ID


class Urls(Struct, gc=False):
    """The addresses of one customer."""

    component = "Urls"
    words = Localized(
        "عنوانان من قوالب المتجر؛ النص فارغ إن لم يكن للمتجر قالب.",
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
        "ما طُلب من `orders_count` و `orders_amount`، ولا شيء غيره.",
        "Those of `orders_count` and `orders_amount` that were asked for, and nothing else.",
    )

    orders_count: Annotated[int | UnsetType, key("عدد الطلبات.", "How many orders.")] = UNSET
    orders_amount: Annotated[
        float | UnsetType, key("مجموع مبالغ الطلبات.", "What the orders add up to.")
    ] = UNSET


def _asked(ar: str, en: str) -> Key:
    """Return the annotation of a key that `fields[]` brings."""
    return key(ar, en, present="fields[]")


class CustomerAnswer(Struct, kw_only=True, gc=False):
    """
    One customer. The base keys are always there; the profile or `fields[]` brings the others.

    Source: Salla "Customer Details", GET /customers/{customer}; `fields[]` come behind `groups` by
    name, but for those of orders and ratings.
    """

    component = "Customer"
    words = Localized(
        "عميل من عملاء المتجر. المفاتيح الأساسية موجودة دائمًا، ولا تتغير بلغة الطلب.",
        "A customer of the store. The base keys are always there, and the language of a request "
        "changes none of them.",
    )

    id: Annotated[
        int,
        key(
            *("رقم العميل، فريد في المتجر.", "The customer's number, unique in the store."),
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
            "The national mobile number, no country code, no leading zero; `null` for none.",
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
    email: Annotated[str, key("البريد الإلكتروني؛ فارغ إن لم يوجد.", "E-mail; empty for none.")]
    urls: Annotated[Urls, key("عنوانا العميل.", "The customer's addresses.")]
    avatar: Annotated[
        str,
        key(
            "رابط الصورة؛ وإن لم تُحدَّد فصورة المتجر الافتراضية بحسب الجنس.",
            "The picture's address; where none was set, the store's default by gender.",
        ),
    ]
    gender: Annotated[
        str | None,
        key("الجنس؛ `null` إن لم يُعرف.", "Gender; `null` for none.", enum=[*GENDERS, None]),
    ]
    birthday: Annotated[
        DateObject | None,
        key(
            "تاريخ الميلاد، بداية يومه؛ `null` إن لم يُعرف.",
            "Day of birth, as the midnight that begins it; `null` for none.",
        ),
    ]
    city: Annotated[str, key("المدينة؛ فارغة إن لم تُعرف.", "City; empty for none.")]
    country: Annotated[
        str,
        key(
            "الدولة كما حُفظت، أو اسمها بلغة المتجر إن لم يُعرف إلا رمزها.",
            "Country as it was stored, or its name in the store's language where only its code is "
            "known.",
        ),
    ]
    country_code: Annotated[
        str,
        key(
            'رمز الدولة ISO 3166: `"sa"`، وفي الصيغة `observed` هو `"SA"`؛ فارغ إن لم يُعرف.',
            'ISO 3166 code: `"sa"`, in the `observed` profile `"SA"`; empty for none.',
        ),
    ]
    currency: Annotated[
        str,
        key(
            "العملة ISO 4217؛ عملة المتجر إن لم تُحدَّد.",
            "ISO 4217 currency; the store's where none was set.",
        ),
    ]
    location: Annotated[
        str,
        key(
            'العنوان؛ نص دائمًا: `"null"` إن لم يُعرف، وفي الصيغة `observed` نص فارغ.',
            'Address; always text: `"null"` for none, in the `observed` profile empty.',
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
        bool | UnsetType,
        _asked("هل قيّم طلباته.", "Whether the orders were rated."),
    ] = UNSET
    pending_rating_count: Annotated[
        int | UnsetType,
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
        str | UnsetType | None,
        _asked("سبب الحظر.", "Why the customer is blocked."),
    ] = UNSET
    country_id: Annotated[
        int | UnsetType | None,
        _asked("رقم الدولة في سلة.", "The country's id at Salla."),
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
    is_blocked: Annotated[
        bool | UnsetType,
        _asked("هل العميل محظور.", "Whether the customer is blocked."),
    ] = UNSET
    is_inactive: Annotated[
        bool | UnsetType,
        _asked("هل العميل غير نشط.", "Whether the customer is inactive."),
    ] = UNSET
    is_notifications_enabled: Annotated[
        bool | UnsetType,
        _asked(
            "هل يستقبل الإشعارات؛ `true` ما لم يُكتب غيره.",
            "Whether notifications are on; `true` until written otherwise.",
        ),
    ] = UNSET
    is_whitelisted: Annotated[
        bool | UnsetType,
        _asked(
            "هل العميل في القائمة البيضاء.",
            "Whether the customer is whitelisted.",
        ),
    ] = UNSET
    latest_purchase: Annotated[
        DateObject | UnsetType | None,
        _asked("آخر شراء.", "The latest purchase."),
    ] = UNSET
    orders_average: Annotated[
        float | UnsetType,
        _asked("متوسط مبلغ الطلب.", "What an order comes to on average."),
    ] = UNSET
    orders_cancel: Annotated[int | UnsetType, _asked("الطلبات الملغاة.", "Cancelled orders.")] = (
        UNSET
    )
    orders_cancel_ratio: Annotated[
        float | UnsetType,
        _asked("نسبة الإلغاء المئوية.", "Cancelled orders in a hundred."),
    ] = UNSET
    orders_complete_ratio: Annotated[
        float | UnsetType,
        _asked("نسبة الاكتمال المئوية.", "Completed orders in a hundred."),
    ] = UNSET
    total_points: Annotated[int | UnsetType, _asked("نقاط الولاء.", "Loyalty points.")] = UNSET
    wallet_balance: Annotated[
        float | UnsetType, _asked("رصيد المحفظة.", "The wallet's balance.")
    ] = UNSET
