"""`sijill privacy`, as an operator types it."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import apsw
import pytest
from cli.operating import Operator
from cli.terminals import answer

EMAIL = "zqcanary@example.com"
PERSON = {
    "id": 41,
    "first_name": "Zqcanary <b>سارة</b>",
    "last_name": "Zqfamily",
    "mobile": "560123987",
    "mobile_code": "966",
    "email": EMAIL,
    "location": "Zqstreet 5",
    "wallet_balance": 12.5,
    "total_points": 30,
    "is_blocked": True,
    "block_reason": "zqreason",
}
OTHER = {"id": 42, "first_name": "Noura", "email": "noura@example.com"}


@pytest.fixture
def shop(shop: Operator) -> Operator:
    """A shop with two customers."""
    lines = "".join(json.dumps(one) + "\n" for one in (PERSON, OTHER))
    shop.type("import", "-", "--format", "jsonl", data=lines)
    return shop


def ids(shop: Operator) -> set[int]:
    lines = shop.type("export", "-", "--format", "jsonl").stdout.splitlines()
    return {json.loads(line)["id"] for line in lines}


def one(answer: object) -> dict[str, object]:
    assert isinstance(answer, dict)
    return answer


def test_everything_of_a_customer_is_exported(shop: Operator) -> None:
    shop.type("privacy", "requests", "open", "41", "--kind", "access")
    told = one(shop.json("privacy", "export", "41"))
    [profile] = told["profile"]  # type: ignore[misc]
    assert {name: profile[name] for name in ("id", "email", "block_reason")} == {
        "id": 41,
        "email": EMAIL,
        "block_reason": "zqreason",
    }
    assert {
        name: len(told[name])  # type: ignore[arg-type]
        for name in ("wallet", "points", "events", "requests")
    } == {"wallet": 1, "points": 1, "events": 1, "requests": 1}
    assert "noura" not in json.dumps(told)
    assert "no customer 43" in shop.type("privacy", "export", "43", code=1).stderr


class Reading(HTMLParser):
    """Notes elements and texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_of_a_customer_speaks_both_languages_and_escapes(shop: Operator) -> None:
    page = Reading(shop.type("privacy", "export", "41", "--html").stdout)
    parts = [values for tag, values in page.elements if tag == "main"]
    assert parts == [{"lang": "ar", "dir": "rtl"}, {"lang": "en", "dir": "ltr"}]
    assert {tag for tag, _ in page.elements}.isdisjoint({"b", "script", "link", "img"})
    for text in ("Zqcanary <b>سارة</b>", "نقاط الولاء", "Loyalty points", "zqreason"):
        assert text in page.text


def test_an_erased_customer_is_nowhere_and_does_not_come_back(shop: Operator) -> None:
    assert shop.keeps(EMAIL)
    kept = shop.type("export", "-", "--format", "jsonl").stdout
    told = one(shop.json("privacy", "erase", "41", "--yes"))
    assert told["found"] == []
    assert {"email", "mobile", "first_name", "location"} <= set(told["searched"])  # type: ignore[call-overload]
    assert not shop.keeps(EMAIL)
    assert ids(shop) == {42}
    assert (
        "erased on request"
        in shop.type(
            "import", "-", "--format", "jsonl", "--rejects", "r.jsonl", data=kept, code=1
        ).stderr
    )
    assert EMAIL not in (shop.folder / "r.jsonl").read_text()
    assert ids(shop) == {42}
    again = shop.type("privacy", "erase", "41", "--yes").stdout
    assert "Customer 41 was deleted on" in again
    assert "No value of the person is known any more" in again
    told = shop.type("privacy", "erase", "41", "--yes", "--lang", "ar").stdout
    assert "حُذف العميل 41" in told
    assert "no customer 43" in shop.type("privacy", "erase", "43", "--yes", code=1).stderr
    profile = one(shop.json("privacy", "export", "41"))["profile"]
    assert [[*row] for row in profile] == [["id", "deleted_at"]]  # type: ignore[attr-defined]
    assert "حُذف في" in shop.type("privacy", "export", "41", "--html").stdout


def test_an_old_copy_of_the_file_does_not_bring_an_erased_customer_back(shop: Operator) -> None:
    data = shop.folder / "data"
    copy = (data / "sijill.db").read_bytes()
    shop.type("privacy", "erase", "41", "--yes")
    for name in ("sijill.db-wal", "sijill.db-shm"):
        (data / name).unlink(missing_ok=True)
    (data / "sijill.db").write_bytes(copy)
    assert shop.keeps(EMAIL)
    shop.type("store", "list")
    assert ids(shop) == {42}
    assert not shop.keeps(EMAIL)


def test_an_erasure_asks_first_and_says_what_it_did_in_both_languages(shop: Operator) -> None:
    assert "Add --yes" in shop.type("privacy", "erase", "41", code=64).stderr
    words = ("privacy", "erase", "41", "--lang", "ar")
    code, told = answer(shop, *words, to="[y/N]: ", by="n\n")
    assert (code, ids(shop)) == (1, {41, 42})
    assert "هل تُمحى بيانات العميل 41" in told
    code, told = answer(shop, *words, to="[y/N]: ", by="y\n")
    assert (code, ids(shop)) == (0, {42})
    assert "مُحي العميل 41" in told
    assert "Customer 42 is erased" in shop.type("privacy", "erase", "42", "--yes").stdout


def test_what_is_left_in_a_file_is_found(shop: Operator) -> None:
    (shop.folder / "data" / "old.csv").write_text(f"a,{EMAIL}\n")
    told = shop.type("privacy", "erase", "41", "--yes", code=1).stdout
    assert "email is still in: old.csv" in told
    assert EMAIL not in told


def test_a_customer_on_hold_is_not_erased_before_its_end(shop: Operator) -> None:
    until = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
    hold = ("privacy", "hold", "set", "41", "--reason", "court", "--until")
    assert "the moment is over" in shop.type(*hold, "2020-01-01", code=64).stderr
    shop.type(*hold, until)
    [row] = shop.json("privacy", "hold", "list")
    assert (row["customer_id"], row["reason"], row["active"]) == (41, "court", True)
    refused = shop.type("privacy", "erase", "41", "--yes", code=1).stderr
    assert f"until {until}: A case before a court." in refused
    told = shop.type("privacy", "erase", "41", "--yes", "--lang", "ar", code=1).stderr
    assert "دعوى أمام القضاء" in told
    assert ids(shop) == {41, 42}
    shop.type("privacy", "hold", "end", "41")
    assert "no hold is on" in shop.type("privacy", "hold", "end", "41", code=1).stderr
    assert shop.json("privacy", "hold", "list")[0]["active"] is False
    shop.type("privacy", "erase", "41", "--yes")


def test_requests_are_opened_listed_and_closed(shop: Operator) -> None:
    opened = one(shop.json("privacy", "requests", "open", "41", "--kind", "erase"))
    late = ("--at", f"{datetime.now(UTC) - timedelta(days=31):%Y-%m-%d}")
    overdue = one(shop.json("privacy", "requests", "open", "42", "--kind", "access", *late))
    rows = shop.json("privacy", "requests", "list", "--due")
    assert [(row["id"], row["state"]) for row in rows] == [
        (overdue["id"], "overdue"),
        (opened["id"], "open"),
    ]
    close = ("privacy", "requests", "close", str(overdue["id"]), "--outcome", "done")
    assert "is closed: It was done." in shop.type(*close).stdout
    assert "no open request" in shop.type(*close, code=1).stderr
    assert [row["state"] for row in shop.json("privacy", "requests", "list")] == ["open", "closed"]
    assert (
        "no customer 43"
        in shop.type("privacy", "requests", "open", "43", "--kind", "access", code=1).stderr
    )


def arabic(shop: Operator, *words: str, code: int = 0) -> str:
    return shop.type("privacy", *words, "--lang", "ar", code=code).output


def test_holds_requests_and_breaches_are_told_in_arabic_too(shop: Operator) -> None:
    court = ("hold", "set", "41", "--reason", "court", "--until")
    assert "هذا الوقت مضى" in arabic(shop, *court, "2020-01-01", code=64)
    assert "لا تُحذف بيانات العميل 41 قبل 2099-01-01" in arabic(shop, *court, "2099-01-01")
    listed = arabic(shop, "hold", "list")
    for words in ("رقم العميل", "السبب", "دعوى أمام القضاء"):
        assert words in listed
    assert "لم يعد حفظ بيانات العميل 41" in arabic(shop, "hold", "end", "41")
    assert "لا شيء يوجب" in arabic(shop, "hold", "end", "41", code=1)
    assert "ليس في المتجر عميل رقمه 43" in arabic(
        shop, "requests", "open", "43", "--kind", "access", code=1
    )
    assert "محو بياناته" in arabic(shop, "requests", "open", "41", "--kind", "erase")
    [row] = shop.json("privacy", "requests", "list")
    listed = arabic(shop, "requests", "list")
    for words in ("مستحق في", "محو بياناته", "قائم"):
        assert words in listed
    close = ("requests", "close", str(row["id"]), "--outcome", "done")
    assert "نُفّذ" in arabic(shop, *close)
    assert "لا يوجد طلب قائم" in arabic(shop, *close, code=1)
    assert "حدد رمزًا" in arabic(shop, "breach", code=64)
    breach = arabic(shop, "breach", "--since", "2020-01-01")
    assert "عدد الأشخاص المذكورين بأرقامهم: 2" in breach
    assert "الفاعل" in breach


def test_the_extent_of_a_breach_is_told(shop: Operator) -> None:
    assert "name a token" in shop.type("privacy", "breach", code=64).stderr
    told = one(shop.json("privacy", "breach", "--since", "2020-01-01"))
    assert told["persons"] == 2
    actions = {row["action"]: row for row in told["exposures"]}  # type: ignore[attr-defined]
    assert actions["customer.create"]["persons"] == 2
    assert "email" in actions["customer.create"]["fields"]
    assert "2 persons" in shop.type("privacy", "breach", "--since", "2020-01-01").stdout
    nobody = shop.type("privacy", "breach", "--token", "5")
    assert nobody.stdout == "0 persons named by their ids\n"


def test_the_records_of_processing_name_stores_and_apps(shop: Operator) -> None:
    told = one(shop.json("privacy", "ropa"))
    found = told["records"]
    assert isinstance(found, dict)
    assert [row["store"] for row in found["controller"]] == ["shop"]
    assert [row["app"] for row in found["recipients"]] == ["reader"]
    assert "| shop |" in shop.type("privacy", "ropa").stdout
    assert "سجل أنشطة معالجة" in shop.type("privacy", "ropa", "--lang", "ar").stdout


def test_without_deliveries_nobody_was_sent_a_customer(shop: Operator) -> None:
    assert shop.json("privacy", "recipients", "41") == []


@pytest.fixture
def old(shop: Operator) -> Operator:
    """A shop of which customer 42 was last changed years ago."""
    aged = "UPDATE customers SET updated_at = 1577836800000000 WHERE id IN (41, 42)"
    with closing(apsw.Connection(str(shop.folder / "data" / "sijill.db"))) as database:
        database.execute(aged)
        database.execute("UPDATE wallet_entries SET at = 1577836800000000")
        database.execute("UPDATE loyalty_entries SET at = 1577836800000000")
    return shop


def test_inactive_customers_are_listed_before_anybody_is_erased(old: Operator) -> None:
    command = ("privacy", "inactive", "--for", "365d")
    told = one(old.json(*command))
    rows = {row["customer_id"]: row["stays"] for row in told["customers"]}  # type: ignore[attr-defined]
    assert (rows, told["erased"]) == ({41: True, 42: False}, None)  # 41 has money in the wallet
    assert ids(old) == {41, 42}
    said = old.type(*command).stdout
    assert "Nobody is erased" in said
    assert "Zqcanary" not in said
    assert "Add --yes" in old.type(*command, "--erase", code=64).stderr
    assert ids(old) == {41, 42}
    assert "ومُحي: 1" in old.type(*command, "--erase", "--yes", "--lang", "ar").stdout
    assert ids(old) == {41}
    assert not old.keeps("noura@example.com")
    assert "write a lifetime" in old.type("privacy", "inactive", "--for", "x", code=64).stderr


def test_nobody_is_inactive_by_itself(shop: Operator) -> None:
    told = one(shop.json("privacy", "inactive", "--for", "365d", "--erase", "--yes"))
    assert (told["customers"], told["erased"]) == ([], None)
    assert ids(shop) == {41, 42}
