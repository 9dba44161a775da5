"""The fields of a customer in the order of files: a row for each, and what follows from it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from msgspec import structs

from sijill.customers.model import (
    FIRST_BIRTHDAY,
    GENDERS,
    MAX_GROUPS,
    NAME_LENGTH,
    Customer,
    Extras,
    blank,
)
from sijill.fields import columns
from sijill.fields.doors import plain_text
from sijill.fields.field import Field, Kind, Table
from sijill.fields.numbers import AMOUNT, COUNT, FLAG, ID, balance, ids
from sijill.fields.texts import CALLING_CODE, EMAIL, MOBILE, choice, code, text
from sijill.fields.times import DAY, JSON, MOMENT
from sijill.ledgers.model import MAX_BALANCE
from sijill.localized import Localized
from sijill.stores.countries import codes
from sijill.values.masking import mask_email, mask_name, mask_number, plain, plain_code

GIVEN: Final = ("id", "created_at", "updated_at")
"""Fields whose value the register gives: an empty cell leaves them alone."""

_EMPTY = structs.asdict(blank(0, datetime.min.replace(tzinfo=UTC))) | structs.asdict(Extras())
_EMPTY |= dict.fromkeys(GIVEN)


def _field(name: str, kind: Kind, *headings: str, **more: Any) -> Field:
    return Field(name, kind, _EMPTY[name], headings, **more)


_GENDER = choice(
    GENDERS, "is neither male nor female", {"ذكر": "male", "أنثى": "female", "انثى": "female"}
)
_COUNTRY = code(2, "is not a country: two letters of ISO 3166", codes)
_CURRENCY = code(3, "is not a currency: three letters of ISO 4217")
_LONG = text(255)
_LINES = text(2_000, lines=True)
_BALANCE = balance(MAX_BALANCE, "is not a balance: from 0 to 10^12, with at most 3 decimals")
_JSON_OR_NOTHING = structs.replace(JSON, parse=lambda cell: JSON.parse(cell) or ())

_OWN = (
    _field("id", ID, "رقم العميل", "معرف العميل", "customer id", mask=plain),
    _field(
        "first_name",
        text(NAME_LENGTH),
        *("الاسم الأول", "الاسم", "given name", "forename", "name"),
        mask=mask_name,
        label=Localized("الاسم الأول", "First name"),
        sentence=Localized("الاسم الأول.", "First name."),
    ),
    _field(
        "last_name",
        text(NAME_LENGTH),
        *("الاسم الأخير", "اسم العائلة", "العائلة", "family name", "surname"),
        mask=mask_name,
        label=Localized("اسم العائلة", "Last name"),
        sentence=Localized("اسم العائلة.", "Last name."),
    ),
    _field(
        "mobile",
        MOBILE,
        *("رقم الجوال", "الجوال", "جوال", "رقم الهاتف", "الهاتف", "هاتف", "رقم الموبايل"),
        *("الموبايل", "موبايل", "رقم التليفون", "التليفون", "mobile number", "mobile no"),
        *("mobile phone", "phone", "phone number", "phone no", "telephone", "telephone number"),
        *("telephone no", "tel", "tel no", "cell", "cell phone", "cell number"),
        paired=True,
        mask=mask_number,
        label=Localized("الجوال", "Mobile"),
        sentence=Localized(
            "رقم الجوال بأي كتابة، مع `mobile_code_country`. لا يتكرر في المتجر الواحد.",
            "The mobile number in any spelling, together with `mobile_code_country`. It is "
            "unique in the store.",
        ),
    ),
    _field(
        "mobile_code",
        CALLING_CODE,
        *("رمز الدولة", "مفتاح الدولة", "mobile_code_country", "calling code"),
        body_name="mobile_code_country",
        paired=True,
        mask=plain_code,
        label=Localized("مفتاح الدولة", "Calling code"),
        sentence=Localized(
            "مفتاح الدولة: `+967` أو `967` أو `00967`؛ مع `mobile`.",
            "Calling code: `+967`, `967` or `00967`; together with `mobile`.",
        ),
    ),
    _field(
        "email",
        EMAIL,
        *("البريد الإلكتروني", "البريد", "بريد إلكتروني", "الإيميل", "إيميل", "email address"),
        *("mail", "email id"),
        mask=mask_email,
        label=Localized("البريد الإلكتروني", "E-mail"),
        sentence=Localized(
            "البريد الإلكتروني. لا يتكرر في المتجر الواحد، ولا فرق بين الأحرف الكبيرة والصغيرة.",
            "E-mail. It is unique in the store, in any case of letters.",
        ),
    ),
    _field("avatar", text(2_048), "الصورة", "صورة العميل"),
    _field(
        "gender",
        _GENDER,
        *("الجنس", "sex"),
        clears=True,
        label=Localized("الجنس", "Gender"),
        sentence=Localized("الجنس؛ `null` يمحوه.", "Gender; `null` clears it."),
    ),
    _field(
        "birthday",
        DAY,
        *("تاريخ الميلاد", "تاريخ ميلاد", "date of birth", "birth date", "dob"),
        clears=True,
        label=Localized("تاريخ الميلاد", "Birthday"),
        sentence=Localized(
            "تاريخ الميلاد `YYYY-MM-DD`؛ `null` يمحوه.",
            "Day of birth, `YYYY-MM-DD`; `null` clears it.",
        ),
    ),
    _field("city", _LONG, "المدينة", label=Localized("المدينة", "City")),
    _field("country", _LONG, "الدولة", "البلد", label=Localized("الدولة", "Country")),
    _field(
        "country_code",
        _COUNTRY,
        "كود الدولة",
        mask=plain_code,
        label=Localized("رمز الدولة", "Country code"),
        sentence=Localized("رمز الدولة ISO 3166.", "ISO 3166 code of the country."),
    ),
    _field("currency", _CURRENCY, "العملة", mask=plain_code),
    _field(
        "location", _LINES, "العنوان", "الموقع", "address", label=Localized("العنوان", "Address")
    ),
    # The longest tag: RFC 5646 §4.4.1.
    _field(
        "lang", text(35), "اللغة", "language", mask=plain_code, label=Localized("اللغة", "Language")
    ),
    _field(
        "groups",
        ids(MAX_GROUPS, "groups"),
        *("المجموعات", "مجموعات العميل"),
        clears=True,
        stored=False,
        mask=plain,
        sentence=Localized(
            "أرقام كل مجموعات العميل؛ `[]` تخرجه منها.",
            "Ids of all of the customer's groups; `[]` removes the customer from every group.",
        ),
    ),
    _field("created_at", MOMENT, "تاريخ الإنشاء", "تاريخ التسجيل", mask=plain),
    _field("updated_at", MOMENT, "تاريخ التحديث", mask=plain),
)

_EXTRA = (
    _field("is_blocked", FLAG, "محظور", mask=plain),
    _field("is_whitelisted", FLAG, mask=plain),
    _field("block_reason", _LINES, "سبب الحظر"),
    _field("is_inactive", FLAG, mask=plain),
    _field("orders_count", COUNT, "عدد الطلبات", mask=plain),
    _field("orders_amount", AMOUNT, "إجمالي الطلبات", mask=plain),
    _field("orders_average", AMOUNT, mask=plain),
    _field("orders_complete_ratio", AMOUNT, mask=plain),
    _field("orders_cancel_ratio", AMOUNT, mask=plain),
    _field("orders_cancel", COUNT, mask=plain),
    _field("latest_purchase", MOMENT, mask=plain),
    _field("abandoned_carts_items", JSON),
    _field("wallet_balance", _BALANCE, "رصيد المحفظة", mask=plain),
    _field("total_points", COUNT, "النقاط", "نقاط الولاء", mask=plain),
    _field("country_id", COUNT, mask=plain),
    _field("custom_fields", _JSON_OR_NOTHING),
    _field("current_store_customer", JSON),
    _field("is_orders_rated", FLAG, mask=plain),
    _field("pending_rating_count", COUNT, mask=plain),
    _field("is_notifications_enabled", FLAG, mask=plain),
)
"""The fields of `Extras`, which `fields[]` adds, in its order."""

CUSTOMER = Table(*_OWN, *_EXTRA)
COLUMNS = CUSTOMER.fields
"""Every column in the order of a file: the customer's own, then the extras."""

OWN = tuple(COLUMNS[name] for name in Customer.__struct_fields__ if name != "extras")
EXTRA = tuple(COLUMNS[name] for name in Extras.__struct_fields__)
"""The fields in the order of the model; the last of `OWN` are the groups."""

STORED = tuple(field for field in OWN if field.stored and field.name != "id")
"""The own columns that a write sets; behind them it sets `EXTRA`."""

SQL_LISTS = {
    "own_columns": columns.listed([field for field in OWN if field.stored], "c."),
    "extra_columns": columns.listed(EXTRA, "c."),
    "customer_fields": columns.listed((*STORED, *EXTRA)),
    "customer_values": columns.placeholders((*STORED, *EXTRA), 5),
    "created_columns": columns.listed((*STORED, *EXTRA), "c."),
    "customer_assignments": columns.assignments((*STORED, *EXTRA), 5),
}
"""The lists that statements name; $1 to $4 are store_id, id, email_key and terms."""


class Doubt(NamedTuple):
    """A fault that does not count if the customer has this value already."""

    attribute: str
    value: Any
    rule: str
    sentence: str = ""
    """About a cell of a file, after the name of the column."""

    def holds(self, old: Customer | None) -> bool:
        """Return whether the value is a fault for `old`; for a new customer it always is."""
        return old is None or getattr(old, self.attribute) != self.value


def doubts_of(values: Mapping[str, Any], today: date) -> list[Doubt]:
    """Return the doubts about values that a customer may only keep. `today` is the store's."""
    birthday = values.get("birthday")
    if birthday is None or FIRST_BIRTHDAY <= birthday <= today:
        return []
    return [Doubt("birthday", birthday, "gregorian", _NOT_GREGORIAN)]


_NOT_GREGORIAN = "is not between 1900-01-01 and today: write it in the Gregorian calendar"


def cells(customer: Customer) -> dict[str, Any]:
    """Return a customer as a row: column name to JSON value, every column, in order."""
    extras = customer.extras or _NO_EXTRAS
    row = {name: getattr(customer, name) for name in _OWN_NAMES}
    row |= {name: getattr(extras, name) for name in Extras.__struct_fields__}
    for name, convert in _CELLS:
        row[name] = convert(row[name])
    return row


_NO_EXTRAS = Extras()
_OWN_NAMES = [field.name for field in _OWN]
_CELLS = [(name, field.kind.cell) for name, field in COLUMNS.items() if field.kind.cell]


def cell_text(name: str, cell: Any) -> str:
    """Return a JSON value of the named column as text; null is empty, ids are joined by `;`."""
    field = COLUMNS.get(name)
    return field.kind.text(cell) if field else plain_text(cell)
