"""The routes of wallets, and what each is in words."""

from datetime import UTC, datetime
from typing import Any

from sijill.errors import Invalid, WalletForbidden
from sijill.http.envelope import success
from sijill.http.router import Handler, Route
from sijill.ledgers.wallets import Entry
from sijill.ledgers.wallets_wire import MOVEMENT
from sijill.ledgers.wire import MovementAnswer, movement
from sijill.localized import Localized
from sijill.openapi.examples import example, one_example
from sijill.openapi.operation import Answer, Envelope, Request, answer, refused
from sijill.stores.model import CUSTOMER_ID, SHOP

_SCOPES = ("customer-wallets.read_write",)

_AT = datetime(2025, 11, 27, 10, 45, 54, 321280, tzinfo=UTC)
_OPENED = datetime(2025, 11, 26, 7, 28, 13, tzinfo=UTC)

_MOVEMENT = MOVEMENT.schema("customer_id", "amount")
_ONCE = Localized(
    "مع `Idempotency-Key` تُنفَّذ الحركة مرة واحدة ولو أُرسلت مرارًا خلال 24 ساعة.",
    "With `Idempotency-Key` it is moved once, however often it is sent within 24 hours.",
)
_EXACT = Localized(
    "المبالغ دقيقة: خانتان عشريتان للريال، وثلاث للدينار، بحسب عملة المتجر.",
    "Amounts are exact: two decimals for a riyal, three for a dinar, by the store's currency.",
)
_FAULTY = Localized(
    "حقول خاطئة، أو عميل ليس في المتجر، أو رصيد لا يكفي، أو مفتاح استُعمل لطلب آخر.",
    "Faulty fields, a customer the store does not have, a balance that is not sufficient, or a key "
    "that was used for another request.",
)


def wallet_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of moving money; `handlers` has one for each."""
    return (
        _moving(
            *("/customers/wallets/deposit", handlers.deposit, "depositToWallet"),
            Localized("إيداع في محفظة", "Deposit to Wallet"),
            Localized(
                "يُضاف المبلغ إلى محفظة العميل.", "The amount is added to the customer's wallet."
            ),
            _moved(Localized("أُودع.", "It is deposited."), 1_200),
        ),
        _moving(
            *("/customers/wallets/withdraw", handlers.withdraw, "withdrawFromWallet"),
            Localized("سحب من محفظة", "Withdraw from Wallet"),
            Localized(
                "يُؤخذ المبلغ من محفظة العميل إن كان فيها؛ ولا ينزل الرصيد تحت الصفر.",
                "The amount is taken out of the customer's wallet if it holds as much; a balance "
                "never falls below zero.",
            ),
            _moved(Localized("سُحب.", "It is withdrawn."), -1_200),
        ),
    )


def _moving(
    path: str, handler: Handler, name: str, summary: Localized, words: Localized, moved: Answer
) -> Route:
    sent = one_example(summary, {"customer_id": CUSTOMER_ID, "amount": 12})
    insufficient = Invalid({"amount": ["insufficient"]})
    return Route(
        *("POST", path, handler),
        scopes=_SCOPES,
        customers=True,
        id=name,
        tag="customers",
        summary=summary,
        description=words.then(_EXACT),
        body=Request("Movement", _MOVEMENT, sent),
        answers={
            200: moved,
            422: refused(_FAULTY, Invalid({"customer_id": ["invalid"]}), insufficient),
        },
        faults=(WalletForbidden,),
        idempotent=_ONCE,
    )


def _moved(text: Localized, amount: int) -> Answer:
    entry = Entry(CUSTOMER_ID, amount, 46_800, _AT, _OPENED)
    envelope = Envelope(MovementAnswer)
    return answer(text, envelope, lambda _: example(text, success(movement(entry, SHOP))))
