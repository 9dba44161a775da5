"""Deposit to and Withdraw from Wallet, through the whole application."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.world import Answer, World

from sijill.customers.examples import AHMED
from sijill.oauth.apps import App
from sijill.stores.model import Store

DEPOSIT, WITHDRAW = "/customers/wallets/deposit", "/customers/wallets/withdraw"
PAYLOADS = Path(__file__).parents[1] / "payloads"


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def send(world: World, path: str, body: Any, store: Store | None = None, **headers: str) -> Answer:
    token = world.mint(store or world.store, "customer-wallets.read_write")
    return world.ask("POST", path, token, body, **headers)


def mine(amount: Any, **more: Any) -> dict[str, Any]:
    return {"customer_id": AHMED.id, "amount": amount} | more


def balance(world: World) -> float:
    answer = world.get(f"/customers/{AHMED.id}?fields[]=wallet_balance")
    held: float = answer.json["data"]["wallet_balance"]
    return held


@pytest.mark.proves("`POST /customers/wallets/deposit`", "`POST /customers/wallets/withdraw`")
def test_the_documented_movements_are_answered_as_documented(world: World) -> None:
    deposit = send(world, DEPOSIT, payload("wallet_deposit_request") | {"customer_id": AHMED.id})
    sample = payload("wallet_deposit_response")
    assert (deposit.status, list(deposit.json)) == (200, list(sample))
    assert list(deposit.json["data"]) == list(sample["data"])
    assert deposit.json["data"]["wallet"]["balance"] == deposit.json["data"]["amount"] == 22
    world.clock.now += 60
    withdrawal = send(world, WITHDRAW, mine(12.5)).json["data"]
    assert (withdrawal["amount"], withdrawal["amount_float"]) == (-12.5, -12.5)
    assert withdrawal["wallet"] == deposit.json["data"]["wallet"] | {"balance": 9.5}
    assert withdrawal["date"]["date"] == "2027-01-15 11:01:00.250000"
    assert withdrawal["wallet"]["created_at"] == "2027-01-15 11:00:00"
    assert balance(world) == 9.5


def test_a_movement_leaves_the_rest_of_the_customer_alone(world: World) -> None:
    before = world.get(f"/customers/{AHMED.id}")
    send(world, DEPOSIT, mine(1))
    assert world.get(f"/customers/{AHMED.id}").headers["etag"] == before.headers["etag"]


@pytest.mark.parametrize(
    ("path", "body", "field", "text"),
    [
        (DEPOSIT, {}, "amount", "حقل amount مطلوب."),
        (DEPOSIT, mine(0), "amount", "يجب أن تكون قيمة حقل amount ضمن 0.01 - 1000000000"),
        (DEPOSIT, mine(10**400), "amount", "يجب أن تكون قيمة حقل amount ضمن 0.01 - 1000000000"),
        (DEPOSIT, mine(1.001), "amount", "يجب أن لا يتجاوز حقل amount 2 منازل عشرية"),
        (DEPOSIT, mine("x"), "amount", "يجب على حقل amount أن يكون رقماً"),
        (DEPOSIT, mine(1, customer_id=5), "customer_id", "حقل customer id غير صالح"),
        (WITHDRAW, mine(0.01), "amount", "الرصيد لا يكفي"),
    ],
)
def test_a_faulty_movement_is_a_422_that_names_the_field(
    world: World, path: str, body: Any, field: str, text: str
) -> None:
    answer = send(world, path, body)
    assert (answer.status, answer.headers["content-language"]) == (422, "ar")
    assert answer.json["error"]["fields"][field] == [text]
    assert balance(world) == 0


@pytest.mark.parametrize("raw", [b"{", b"[" * 5000])
def test_a_body_that_is_none_is_a_400(world: World, raw: bytes) -> None:
    assert send(world, DEPOSIT, raw).status == 400


def test_another_stores_customer_is_as_one_that_does_not_exist(world: World) -> None:
    theirs = send(world, DEPOSIT, mine(1), world.other_store)
    absent = send(world, DEPOSIT, mine(1, customer_id=123_456_789), world.other_store)
    assert theirs.status == absent.status == 422
    assert theirs.body == absent.body
    assert balance(world) == 0


def test_scopes_of_customers_move_no_money(world: World) -> None:
    answer = world.send("POST", DEPOSIT, mine(1))
    assert answer.status == 401
    assert answer.json["error"]["message"].endswith("scopes: customer-wallets.read_write")
    assert balance(world) == 0


@pytest.mark.proves("403 for an app that may not use wallets")
def test_an_app_that_may_not_use_wallets_is_told_so_as_documented(world: World) -> None:
    world.run(world.register.apps.create(App(7, "seven", world.moment, wallets=False)))
    token = world.mint(world.store, "customer-wallets.read_write", app_id=7)
    answer = world.ask("POST", DEPOSIT, token, b"{")
    assert answer.status == 403
    assert json.dumps(answer.json) == json.dumps(payload("error_403_wallet"))
    assert balance(world) == 0


def test_a_movement_that_is_sent_again_is_made_once(world: World) -> None:
    first = send(world, DEPOSIT, mine(5), idempotency_key="k")
    world.clock.now += 1
    again = send(world, DEPOSIT, mine(5), idempotency_key="k")
    assert again.body == first.body
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    # The same key for the other direction is another request.
    assert send(world, WITHDRAW, mine(5), idempotency_key="k").status == 422
    assert balance(world) == 5


def test_of_many_withdrawals_at_once_only_those_pass_that_the_balance_covers(world: World) -> None:
    send(world, DEPOSIT, mine(10))
    token = world.mint(world.store, "customer-wallets.read_write")

    async def everyone() -> list[Answer]:
        calls = (world.answer("POST", WITHDRAW, token, mine(1)) for _ in range(50))
        return await asyncio.gather(*calls)

    statuses = [answer.status for answer in world.run(everyone())]
    assert (statuses.count(200), statuses.count(422)) == (10, 40)
    assert balance(world) == 0


def test_a_form_moves_money_as_json_does(world: World) -> None:
    body = f"customer_id={AHMED.id}&amount=0.10".encode()
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert send(world, DEPOSIT, body, **form).json["data"]["amount"] == 0.1
