"""Movements of wallets and of loyalty points as Salla's JSON."""

from typing import Annotated, Literal

from msgspec import UNSET, Struct, UnsetType

from sijill.ledgers.model import PointsEntry, WalletEntry
from sijill.localized import Localized
from sijill.openapi.keys import key
from sijill.stores.model import Store
from sijill.values.dates import DateObject, date_object, wall_text
from sijill.values.money import minor_digits, to_major


class WalletAnswer(Struct, gc=False):
    """A wallet after a movement."""

    words = Localized("المحفظة.", "The wallet.")

    id: Annotated[int, key("رقم العميل.", "The customer's id.")]
    balance: Annotated[float, key("الرصيد بعد الحركة.", "The balance after the movement.")]
    created_at: Annotated[
        str,
        key(
            "وقت أول حركة، بتوقيت المتجر: `Y-m-d H:i:s`.",
            "The time of the first movement, in the store's zone: `Y-m-d H:i:s`.",
        ),
    ]


_AMOUNT = key("المبلغ؛ سالب عند السحب.", "The amount; negative for a withdrawal.")


class MovementAnswer(Struct, kw_only=True, gc=False):
    """
    One movement of a wallet.

    Source: Salla "Deposit to Wallet", "Withdraw from Wallet": the latter has `amount` in its list
    of keys, and `amount_float` in its sample.
    """

    status: Annotated[
        Literal["confirmed"], key("الحركة مؤكدة دائمًا.", "A movement is always confirmed.")
    ]
    amount: Annotated[float, _AMOUNT]
    amount_float: Annotated[float | UnsetType, _AMOUNT] = UNSET
    date: Annotated[DateObject, key("وقت الحركة.", "The time of the movement.")]
    wallet: WalletAnswer


_NO_ORDERS = key("لا طلبات في سجل.", "Sijill has no orders.")


class PointsAnswer(Struct, kw_only=True, gc=False):
    """
    One line of a ledger of points.

    Sijill has no orders, and points do not expire, so those keys are empty.
    Source: Salla "Customer Loyalty Points".
    """

    name: Annotated[str, key("اسم ثابت.", "A fixed name.")]
    points: Annotated[int, key("النقاط؛ سالبة عند الخصم.", "The points; negative if deducted.")]
    used_points: Annotated[Literal[0], _NO_ORDERS]
    status: Annotated[str, key("حالة ثابتة.", "A fixed status.")]
    created_at: Annotated[DateObject, key("الوقت.", "The time.")]
    expiry_date: Annotated[Literal[""], key("النقاط لا تنتهي.", "Points do not expire.")]
    order_id: Annotated[None, _NO_ORDERS]
    used_at: Annotated[
        dict[str, str],
        key(
            "كائن فارغ: لم تُستخدم النقاط.",
            "An empty object: the points were not used.",
            maxProperties=0,
        ),
    ]
    notes: Annotated[str, key("السبب.", "The reason.")]
    reference_id: Annotated[
        int, key("رقم السطر في سجل العميل.", "The number of the line in the customer's ledger.")
    ]


class PointsChangedAnswer(Struct, gc=False):
    """The answer to a change of points. Source: Salla's sample, which has the code first."""

    code: Annotated[Literal[201], key("رقم الحالة أيضًا.", "The status again.")]
    message: Annotated[str, key("جملة.", "A sentence.")]


def movement_answer(entry: WalletEntry, store: Store) -> MovementAnswer:
    """Return the `data` of a movement; a withdrawn amount is negative, and under two keys."""
    digits = minor_digits(store.currency)
    amount = to_major(entry.amount, digits)
    return MovementAnswer(
        status="confirmed",
        amount=amount,
        amount_float=amount if amount < 0 else UNSET,
        date=date_object(entry.at, store.timezone),
        wallet=WalletAnswer(
            entry.customer_id,  # a customer has one wallet
            to_major(entry.balance, digits),
            wall_text(entry.opened_at, store.timezone),
        ),
    )


def points_line(entry: PointsEntry, store: Store) -> PointsAnswer:
    """Return one line of a ledger; points that were taken are negative."""
    return PointsAnswer(
        name="مخصصة",
        points=entry.points,
        used_points=0,
        status="مؤكدة",
        created_at=date_object(entry.at, store.timezone),
        expiry_date="",
        order_id=None,
        used_at={},
        notes=entry.reason,
        reference_id=entry.number,
    )
