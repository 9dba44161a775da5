"""The routes of wallets and loyalty points, with their description."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from sijill.errors import Invalid, WalletForbidden
from sijill.http.envelope import success
from sijill.http.query import MAX_PER_PAGE
from sijill.http.router import Handler, Route
from sijill.http.sentences import POINTS_UPDATED
from sijill.ledgers.fields import (
    MOVEMENT,
    POINTS_CHANGE,
)
from sijill.ledgers.handlers import PER_PAGE
from sijill.ledgers.model import PointsEntry, WalletEntry
from sijill.ledgers.wire import (
    MovementAnswer,
    PointsAnswer,
    PointsChangedAnswer,
    movement_answer,
    points_line,
)
from sijill.localized import Localized
from sijill.openapi.examples import in_both, one_example, page_example, success_answer
from sijill.openapi.keys import Json
from sijill.openapi.operation import Answer, Envelope, Request, answer, refused
from sijill.openapi.parameters import ID, ONCE, in_query, per_page
from sijill.stores.model import CUSTOMER_ID, SHOP

_WALLETS = ("customer-wallets.read_write",)

_AT = datetime(2025, 11, 27, 10, 45, 54, 321280, tzinfo=UTC)
_OPENED = datetime(2025, 11, 26, 7, 28, 13, tzinfo=UTC)

_ONCE = Localized(
    "مع `Idempotency-Key` تُنفَّذ الحركة مرة واحدة وإن أُرسل الطلب مرارًا خلال 24 ساعة.",
    "Requests with the same `Idempotency-Key` within 24 hours move the amount once.",
)
_EXACT = Localized(
    "المبالغ دقيقة: خانتان عشريتان للريال، وثلاث للدينار، بحسب عملة المتجر.",
    "Amounts are exact: two decimals for a riyal, three for a dinar, by the store's currency.",
)
_FAULTY = Localized(
    "حقول غير صحيحة، أو عميل ليس في المتجر، أو رصيد غير كافٍ، أو مفتاح استُخدم في طلب آخر.",
    "Invalid fields, an id that is not a customer of the store, an insufficient balance, or "
    "a key that was used for another request.",
)


_route = partial(Route, customers=True)


def wallet_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of moving money; `handlers` has one for each."""
    return (
        _moving(
            *("/customers/wallets/deposit", handlers.deposit, "depositToWallet"),
            Localized("إيداع في محفظة", "Deposit to Wallet"),
            Localized("يُضاف المبلغ إلى محفظة العميل.", "Adds the amount to the customer's wallet."),
            success_answer(
                *(
                    Localized("أُودع المبلغ.", "The amount is deposited."),
                    MovementAnswer,
                    partial(_moved, 1_200),
                )
            ),
        ),
        _moving(
            *("/customers/wallets/withdraw", handlers.withdraw, "withdrawFromWallet"),
            Localized("سحب من محفظة", "Withdraw from Wallet"),
            Localized(
                "يُسحب المبلغ من محفظة العميل إن كان الرصيد كافيًا. ولا يقل الرصيد عن صفر أبدًا.",
                "Withdraws the amount from the customer's wallet. A balance never falls "
                "below zero.",
            ),
            success_answer(
                *(
                    Localized("سُحب المبلغ.", "The amount is withdrawn."),
                    MovementAnswer,
                    partial(_moved, -1_200),
                )
            ),
        ),
    )


def _moving(
    path: str,
    handler: Handler,
    name: str,
    summary: Localized,
    words: Localized,
    moved: dict[int, Answer],
) -> Route:
    sent = one_example(summary, {"customer_id": CUSTOMER_ID, "amount": 12})
    insufficient = Invalid({"amount": ["insufficient"]})
    return _route(
        *("POST", path, handler),
        scopes=_WALLETS,
        id=name,
        tag="wallets",
        summary=summary,
        description=words.then(_EXACT),
        body=Request("Movement", MOVEMENT.schema("customer_id", "amount"), sent),
        answers={
            **moved,
            422: refused(_FAULTY, Invalid({"customer_id": ["invalid"]}), insufficient),
        },
        faults=(WalletForbidden,),
        idempotent=_ONCE,
    )


def _moved(amount: int) -> MovementAnswer:
    return movement_answer(WalletEntry(CUSTOMER_ID, amount, 46_800, _AT, _OPENED), SHOP)


_READ, _WRITE = ("customers.read",), ("customers.read_write",)
_PATH = "/customers/loyalty/points"
_ENTRY = PointsEntry(1, 900, "reason text", datetime(2024, 12, 17, 14, 42, 14, tzinfo=UTC))

_CUSTOMER_ID = in_query(
    "customer_id",
    ID,
    Localized(
        "رقم العميل. وإذا لم يكن لعميل في المتجر فالرد 422.",
        "The customer's id. An id that is not a customer of the store gets a 422.",
    ),
    CUSTOMER_ID,
    required=True,
)
_LINES_PER_PAGE = per_page(
    Localized(
        f"عدد السطور في الصفحة، وأقصاه {MAX_PER_PAGE}.",
        f"Lines on a page, {MAX_PER_PAGE} at most; a larger number counts as {MAX_PER_PAGE}.",
    ),
    PER_PAGE,
    "lines_per_page",
)

_GIVEN: Json = {
    "points": 900,
    "reset_points": False,
    "type": "plus",
    "reason": "Valid reason text",
    "channel_send": ["email", "sms"],
    "customers": [CUSTOMER_ID],
}


def points_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of loyalty points; `handlers` has one for each."""
    return (_list(handlers.list_points), _change(handlers.change_points))


def _list(handler: Handler) -> Route:
    def examples(base: str) -> Json:
        rows, address = [points_line(_ENTRY, SHOP)], f"{base}/admin/v2{_PATH}"
        text = Localized("سطر واحد", "One line")
        return page_example(text, address, rows, total=1, per_page=PER_PAGE)

    return _route(
        *("GET", _PATH, handler),
        scopes=_READ,
        id="listLoyaltyPoints",
        tag="loyalty",
        summary=Localized("نقاط ولاء عميل", "Customer Loyalty Points"),
        description=Localized(
            "سجل نقاط العميل، الأحدث أولًا: كل ما أُضيف وما خُصم. ومجموعه `total_points`.",
            "The ledger of a customer's points, newest first. Its lines add up to `total_points`.",
        ),
        parameters=(_CUSTOMER_ID,),
        answers={
            200: answer(
                Localized("صفحة من السجل.", "A page of the ledger."),
                *(Envelope(list[PointsAnswer], paged=True), examples),
            ),
            422: refused(
                Localized(
                    "`customer_id` غائب، أو ليس لعميل في المتجر.",
                    "`customer_id` is missing, or is not a customer of the store.",
                ),
                Invalid({"customer_id": ["required"]}),
                Invalid({"customer_id": ["invalid"]}),
            ),
        },
        paginated=_LINES_PER_PAGE,
        cached=True,
    )


def _change(handler: Handler) -> Route:
    def examples(base: str) -> Json:
        bodies = {
            language: success(PointsChangedAnswer(201, text), 201)
            for language, text in POINTS_UPDATED.items()
        }
        return in_both("updated", Localized("تم", "Done"), bodies)

    sent = one_example(Localized("منح نقاط", "Points are given"), _GIVEN)
    return _route(
        *("POST", _PATH, handler),
        scopes=_WRITE,
        id="updateLoyaltyPoints",
        tag="loyalty",
        summary=Localized("تعديل نقاط الولاء", "Update Customer Loyalty Points"),
        description=Localized(
            "يضيف النقاط أو يخصمها أو يصفّرها للعملاء كلهم معًا: إن لم يكفِ رصيد واحد منهم "
            "لم يتغير شيء.",
            "Adds, deducts or resets points of customers, all or none: if one customer has "
            "too few points, nothing changes.",
        ),
        body=Request("PointsChange", POINTS_CHANGE.schema(), sent),
        answers={
            201: answer(
                Localized("تغيرت النقاط.", "The points are changed."),
                Envelope(PointsChangedAnswer, status=201),
                examples,
            ),
            422: refused(
                Localized(
                    "حقول غير صحيحة، أو عميل ليس في المتجر أو لا تكفي نقاطه، ويُذكر موضعه "
                    "في القائمة.",
                    "Invalid fields, or a customer who is not in the store or has too few "
                    "points, named by the place in the list.",
                ),
                Invalid({"points": ["insufficient"], "customers.1": ["insufficient"]}),
                Invalid({"customers.0": ["invalid"]}),
            ),
        },
        idempotent=ONCE,
    )
