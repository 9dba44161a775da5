"""Deposit to and Withdraw from Wallet in words."""

from datetime import UTC, datetime

from msgspec import json

from sijill.api.description.examples import CUSTOMER_ID
from sijill.api.description.headers import API, LIMITS
from sijill.api.description.operation import JSON, Answer, Body, Operation, Sent, invalid
from sijill.api.description.schemas import ref, shape, success
from sijill.api.description.wording import Json, Text
from sijill.database.idempotency_keys import KeyReused
from sijill.errors import Invalid
from sijill.http.envelope import success as answered
from sijill.ledgers.wallets import Entry
from sijill.ledgers.wallets_wire import body
from sijill.stores.model import Store

_AT = datetime(2025, 11, 27, 10, 45, 54, 321280, tzinfo=UTC)
_OPENED = datetime(2025, 11, 26, 7, 28, 13, tzinfo=UTC)

_WALLET = shape(
    {
        "id": {
            "type": "integer",
            "description": Text("رقم العميل نفسه.", "The customer's own id."),
        },
        "balance": {
            "type": "number",
            "description": Text("الرصيد بعد الحركة.", "The balance after the movement."),
        },
        "created_at": {
            "type": "string",
            "description": Text(
                "وقت أول حركة، بتوقيت المتجر: `Y-m-d H:i:s`.",
                "When the first movement was, in the store's zone: `Y-m-d H:i:s`.",
            ),
        },
    },
    description=Text("المحفظة.", "The wallet."),
)
_AMOUNT: Json = {
    "type": "number",
    "description": Text(
        "ما تحرّك؛ المسحوب تحت الصفر.", "What was moved; below zero if it was taken out."
    ),
}
_MOVEMENT = shape(
    {
        "status": {
            "const": "confirmed",
            "description": Text("مؤكدة دائمًا.", "Always confirmed."),
        },
        "amount": _AMOUNT,
        "amount_float": _AMOUNT,
        "date": {**ref("DateObject"), "description": Text("وقت الحركة.", "When it was moved.")},
        "wallet": _WALLET,
    },
    "amount_float",
)

_ONCE = Text(
    "مع `Idempotency-Key` تُنفَّذ الحركة مرة واحدة ولو أُرسلت مرارًا خلال 24 ساعة.",
    "With `Idempotency-Key` it is moved once, however often it is sent within 24 hours.",
)
_EXACT = Text(
    "المبالغ دقيقة: خانتان عشريتان للريال، وثلاث للدينار، بحسب عملة المتجر.",
    "Amounts are exact: two decimals for a riyal, three for a dinar, by the store's currency.",
)


def _moved(text: Text, amount: int) -> Answer:
    entry = Entry(CUSTOMER_ID, amount, 46_800, _AT, _OPENED)
    value = json.decode(answered(body(entry, Store(1305146709, "demo"))))
    example = {"documented": {"summary": text, "value": value}}
    content = {JSON: Body(shape(success(_MOVEMENT)), lambda _: example)}
    return Answer(text, content, (*API, *LIMITS), ("Idempotent-Replayed",))


def _operation(name: str, summary: Text, description: Text, answer: Answer) -> Operation:
    return Operation(
        id=name,
        tag="customers",
        summary=summary,
        description=description.then(_EXACT, _ONCE),
        answers={
            200: answer,
            422: invalid(
                Text(
                    "حقول خاطئة، أو عميل ليس في المتجر، أو رصيد لا يكفي، أو مفتاح استُعمل لطلب آخر.",
                    "Faulty fields, a customer the store does not have, a balance that is not "
                    "sufficient, or a key that was used for another request.",
                ),
                Invalid({"customer_id": ["invalid"]}),
                Invalid({"amount": ["insufficient"]}),
                KeyReused(),
            ),
        },
        parameters=("idempotency_key", "accept_language", "request_id"),
        refusals=("BadRequest", "WalletForbidden"),
        body=Sent(
            "Movement",
            {
                "documented": {
                    "summary": summary,
                    "value": {"customer_id": CUSTOMER_ID, "amount": 12},
                }
            },
        ),
    )


WALLET_OPERATIONS = {
    ("POST", "/customers/wallets/deposit"): _operation(
        "depositToWallet",
        Text("إيداع في محفظة", "Deposit to Wallet"),
        Text("يُضاف المبلغ إلى محفظة العميل.", "The amount is added to the customer's wallet."),
        _moved(Text("أُودع.", "It is deposited."), 1_200),
    ),
    ("POST", "/customers/wallets/withdraw"): _operation(
        "withdrawFromWallet",
        Text("سحب من محفظة", "Withdraw from Wallet"),
        Text(
            "يُؤخذ المبلغ من محفظة العميل إن كان فيها؛ ولا ينزل الرصيد تحت الصفر.",
            "The amount is taken out of the customer's wallet if it holds as much; a balance never "
            "falls below zero.",
        ),
        _moved(Text("سُحب.", "It is withdrawn."), -1_200),
    ),
}
"""By method and path, as in the table of routes."""
