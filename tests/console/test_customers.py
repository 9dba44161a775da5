"""The pages of customers: lists, one customer, forms, files, and what is done to all matches."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote

import msgspec
import pytest
from fixtures.registers import customer
from fixtures.tables import rows
from fixtures.world import Answer, World, request_of
from msgspec.structs import replace

from console.desks import Seat, seat
from sijill.app import bulk_worker
from sijill.console.customers import changes
from sijill.customers.bans import banned
from sijill.customers.examples import AHMED
from sijill.customers.model import Customer, Edit
from sijill.http.request import Stream

pytestmark = pytest.mark.proves(
    "customers are listed, found, shown, created, edited, banned, deleted and exported on pages "
    "by the rules of the API; values are masked until a reveal, and every view and change is "
    "audited"
)

ONE = f"/customers/{AHMED.id}"
CANARY = "Canaryname"


def text(answer: Answer) -> str:
    return unescape(answer.body.decode())


def fill(world: World, count: int = 60) -> list[Customer]:
    made = [
        customer(n, id=n, first_name=CANARY, last_name=f"No{n}", created_at=world.moment)
        for n in range(1, count + 1)
    ]
    world.keep(world.store, *made)
    return made


def reveal(person: Seat, path: str = ONE) -> None:
    answer = person.post(f"{path}/reveal", reason="support", ticket="HELP-1")
    assert answer.status == 303


def stored(world: World, customer_id: int = AHMED.id) -> Customer:
    return world.run(world.register.customers.find(world.store.id, customer_id, extras=True))


def links(answer: Answer) -> dict[str, str]:
    """Return the addresses of the pager by their words."""
    found = re.findall(r'<a class="button"[^>]*href="([^"]+)"[^>]*>([^<]+)<', text(answer))
    return {word.strip(): address for address, word in found}


def test_a_list_has_50_rows_a_page_and_leads_there_and_back(world: World, support: Seat) -> None:
    fill(world, 120)
    first = support.get("/customers", accept_language="en")
    assert first.body.count(b"row-link") == 50
    assert "Customers: 121" in text(first)
    assert "Previous" not in links(first)
    second = support.browser.get(links(first)["Next"], accept_language="en")
    assert second.body.count(b"row-link") == 50
    last = support.browser.get(links(second)["Next"], accept_language="en")
    assert last.body.count(b"row-link") == 21
    assert "Next" not in links(last)
    again = support.browser.get(links(last)["Previous"], accept_language="en")
    names = re.findall(r'class="row-link" href="([^"]+)"', text(again))
    assert names == re.findall(r'class="row-link" href="([^"]+)"', text(second))


@rows(
    ("query", "status", "shown"),
    [
        ("?banned=1", 200, "No customer matches"),
        ("?group=11323142", 200, "row-link"),
        ("?group=1", 200, "No customer matches"),
        ("?from=2026-02-30", 422, "not a valid date"),
        ("?group=x", 422, "must be an integer"),
        ("?sort=id", 200, "row-link"),
        ("?sort=id&group=11323142", 200, "ordered newest first"),
        ("?after=x", 200, "row-link"),
        ("?q=x", 200, "Type two letters"),
        ("?from=٢٠٢٠-٠١-٠١", 200, "row-link"),
    ],
)
def test_filters_show_what_they_say(support: Seat, query: str, status: int, shown: str) -> None:
    path = "/customers" + quote(query, safe="?=&-")
    answer = support.get(path, accept_language="en")
    assert answer.status == status
    assert shown in text(answer)


def test_values_are_masked_for_everybody_until_a_reveal(world: World, support: Seat) -> None:
    for path in ("/customers", ONE, f"{ONE}/api", f"{ONE}/ban", f"{ONE}/delete"):
        page = text(support.get(path))
        for value in (AHMED.first_name, AHMED.email, str(AHMED.mobile)):
            assert value not in page, path
        assert "•••" in page
    reveal(support)
    for path in ("/customers", ONE, f"{ONE}/api"):
        page = text(support.get(path))
        assert AHMED.email in page, path
    world.clock.now += 301
    assert AHMED.email not in text(support.get(ONE))


def test_a_viewer_sees_no_value_on_any_page(world: World, viewer: Seat) -> None:
    made = customer(
        5,
        id=5,
        first_name=CANARY,
        last_name=CANARY,
        email=f"{CANARY}@{CANARY}.test",
        city=CANARY,
        location=CANARY,
        avatar=f"https://{CANARY}.test/a",
    )
    world.keep(world.store, banned(made, CANARY, world.moment))
    queries = ["", "?q=5", "?q=Cana", "?q=canaryname@canaryname.test", "?banned=1", "?sort=id"]
    paths = [f"/customers{query}" for query in queries]
    paths += ["/customers/5", "/customers/5/timeline", "/customers/5/api"]
    for path in paths:
        answer = viewer.get(path)
        assert answer.status == 200
        part = answer.body.decode()
        if typed := path.partition("q=")[2]:  # the page keeps what the viewer typed
            part = part.replace(typed, "").replace(quote(typed), "")
        assert CANARY.lower() not in part.lower(), path
        assert "500000005" not in part


def test_where_values_are_masked_a_search_finds_whole_values_alone(
    world: World, viewer: Seat, support: Seat
) -> None:
    made = fill(world, 3)
    for person in (viewer, support):
        for part in (CANARY[:5], "c1@test.tes", "50000000"):
            assert b"row-link" not in person.get(f"/customers?q={part}").body
        for whole in (made[0].email, str(made[0].mobile), "1"):
            assert person.get(f"/customers?q={whole}").body.count(b"row-link") == 1


def test_everybody_is_shown_whole_for_a_reason_and_a_search_finds_beginnings(
    world: World, viewer: Seat, support: Seat
) -> None:
    fill(world, 3)
    world.audited()
    refused = support.post(f"/customers/reveal?q={CANARY[:5]}", reason="x", ticket="")
    assert refused.status == 422
    assert refused.body.count(b'class="fault"') == 2
    assert f'href="{support.at("/customers/")}'.encode() in refused.body
    assert viewer.post("/customers/reveal", reason="support", ticket="HELP-1").status == 403
    answer = support.post(f"/customers/reveal?q={CANARY[:5]}", reason="support", ticket="HELP-1")
    assert answer.headers["location"] == support.at(f"/customers?q={CANARY[:5]}")
    assert support.get(f"/customers?q={CANARY[:5]}").body.count(b"row-link") == 3
    assert CANARY in text(support.get("/customers"))
    assert CANARY not in text(viewer.get("/customers"))
    world.clock.now += 301
    assert CANARY not in text(support.get("/customers"))
    [entry] = [one for one in world.audited() if one.action == "customer.reveal"]
    assert (entry.reason, entry.ticket, entry.actor) == ("support", "HELP-1", support.person.id)
    assert "every customer" in text(
        seat(world, "owner").get("/audit?action=customer.reveal&lang=en")
    )


def test_values_that_are_shown_whole_are_masked_again_by_a_button(
    world: World, support: Seat
) -> None:
    fill(world, 3)
    support.post("/customers/reveal", reason="support", ticket="HELP-1")
    reveal(support)
    assert CANARY in text(support.get("/customers"))
    answer = support.post("/customers/hide?banned=0&after=1.1")
    assert answer.headers["location"] == support.at("/customers?banned=0")
    assert CANARY not in text(support.get("/customers"))
    assert AHMED.email not in text(support.get(ONE))


def test_a_reveal_without_a_reason_or_a_ticket_is_refused_beside_the_field(support: Seat) -> None:
    answer = support.post(f"{ONE}/reveal", reason="x", ticket="Ahmed")
    assert answer.status == 422
    assert answer.body.count(b'class="fault"') == 2
    assert b'value="Ahmed"' in answer.body
    assert AHMED.email not in text(support.get(ONE))


def test_a_customer_is_created_by_the_rules_of_the_api(world: World, support: Seat) -> None:
    answer = support.post(
        "/customers/new",
        **{
            "c[first_name]": "نورة",
            "c[mobile_code_country]": "+966",
            "c[mobile]": "٠٥٠١٢٣٤٥٦٧",
            "c[email]": "noura@example.com",
            "c[birthday]": "1990-02-03",
            "c[gender]": "female",
            "c[groups][]": "11323142",
        },
    )
    assert answer.status == 303, text(answer)
    made = stored(world, int(answer.headers["location"].rpartition("/")[2]))
    assert (made.first_name, made.mobile, made.groups) == ("نورة", 501234567, (11323142,))
    entry = next(e for e in world.audited() if e.action == "customer.create" and made.id in e.ids)
    assert (entry.kind, entry.actor, entry.through) == ("person", support.person.id, "page")
    assert "The customer was created" in text(support.get(ONE, accept_language="en"))


@rows(
    ("fields", "faulty"),
    [
        ({}, ["mobile"]),
        ({"email": "x"}, ["email"]),
        ({"email": AHMED.email.upper()}, ["email"]),
        ({"email": "a@b.c", "birthday": "1400-01-01"}, ["birthday"]),
        ({"email": "a@b.c", "gender": "x"}, ["gender"]),
        ({"email": "a@b.c", "first_name": "x" * 26}, ["first_name"]),
        ({"email": "a@b.c", "country_code": "ZZ"}, ["country_code"]),
        ({"email": "a@b.c", "mobile": "1"}, ["mobile", "mobile_code_country"]),
    ],
)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_faults_stand_beside_their_fields_and_values_are_kept(
    support: Seat, fields: dict[str, str], faulty: list[str], language: str
) -> None:
    answer = support.post(
        f"/customers/new?lang={language}", **named({"last_name": "علي", **fields})
    )
    assert answer.status == 422
    pattern = r'name="c\[(\w+)\]"[^>]*aria-invalid'
    marked = re.findall(pattern, answer.body.decode())
    assert sorted(marked) == sorted(faulty)
    for name, value in {"last_name": "علي", **fields}.items():
        assert name == "gender" or f'value="{value}"' in text(answer)


def test_a_customer_is_edited_and_only_what_changed_is_written(world: World, support: Seat) -> None:
    reveal(support)
    page = support.get(f"{ONE}/edit")
    fields = form_of(page)
    answer = support.post(f"{ONE}/edit", **fields | named({"last_name": "سالم"}))
    assert answer.status == 303, text(answer)
    new = stored(world)
    assert new == replace(
        AHMED, last_name="سالم", updated_at=new.updated_at, extras=new.extras, groups=new.groups
    )
    entry = [e for e in world.audited() if e.action == "customer.update"][-1]
    assert entry.fields == ("last_name",)


def test_a_customer_stays_in_groups_that_the_form_does_not_offer(
    world: World, support: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "GROUPS", 1)
    reveal(support)
    before = stored(world).groups
    page = support.get(f"{ONE}/edit")
    assert page.body.count(b'type="checkbox" name="c[groups][]"') == 1 < len(before)
    done = support.post(f"{ONE}/edit", **form_of(page) | named({"last_name": "سالم"}))
    assert done.status == 303, text(done)
    assert stored(world).groups == before


def form_of(page: Answer) -> dict[str, str]:
    """Return the values of the form of a customer as a browser sends them unchanged."""
    html = page.body.decode()
    inputs = re.findall(r'<input id="[\w-]+" name="c\[(\w+)\]" value="([^"]*)"', html)
    fields = {name: unescape(value) for name, value in inputs}
    seen = re.search(r'name="seen" value="(\d+)"', html)
    gender = re.search(r'<option value="(\w+)" selected', html)
    boxes = re.findall(r'name="c\[groups\]\[\]" value="(\d+)" checked', html)
    boxes += re.findall(r'type="hidden" name="c\[groups\]\[\]" value="(\d+)"', html)
    assert seen
    more = {f"c[groups][{n}]": value for n, value in enumerate(boxes)}
    return named(fields | {"gender": gender[1] if gender else ""}) | {"seen": seen[1]} | more


def named(fields: dict[str, str]) -> dict[str, str]:
    """Return fields of a customer by their names in the form."""
    return {f"c[{name}]": value for name, value in fields.items()}


def test_a_masked_customer_is_not_edited(world: World, support: Seat) -> None:
    assert support.get(f"{ONE}/edit").status == 303
    assert support.post(f"{ONE}/edit", **named({"first_name": "x"})).status == 303
    assert stored(world).first_name == AHMED.first_name


def test_a_change_of_somebody_else_meanwhile_is_not_overwritten(
    world: World, support: Seat
) -> None:
    reveal(support)
    fields = form_of(support.get(f"{ONE}/edit"))
    world.clock.now += 1
    other = replace(AHMED, city="جدة", updated_at=world.moment)
    world.run(world.register.customers.change(world.store.id, [Edit(AHMED.id, lambda _: other)]))
    answer = support.post(f"{ONE}/edit", **fields | named({"last_name": "سالم"}))
    assert answer.status == 409
    assert 'value="سالم"' in text(answer)
    assert stored(world).last_name == AHMED.last_name


def test_an_emptied_field_is_refused_as_the_api_refuses_it(world: World, support: Seat) -> None:
    reveal(support)
    fields = form_of(support.get(f"{ONE}/edit"))
    answer = support.post(f"{ONE}/edit", **fields | named({"first_name": ""}))
    assert answer.status == 422
    assert b'id="c-first_name-fault"' in answer.body
    done = support.post(f"{ONE}/edit", **fields | named({"gender": ""}))
    assert done.status == 303
    assert stored(world).gender is None


def test_a_customer_is_banned_for_a_reason_and_let_in_again(world: World, support: Seat) -> None:
    assert support.post(f"{ONE}/ban", reason=" ").status == 422
    assert support.post(f"{ONE}/ban", reason="fraud").status == 303
    extras = stored(world).extras
    assert extras is not None
    assert (extras.is_blocked, extras.block_reason) == (True, "fraud")
    assert "Banned" in text(support.get(ONE, accept_language="en"))
    assert support.post(f"{ONE}/unban").status == 303
    extras = stored(world).extras
    assert extras is not None
    assert not extras.is_blocked


def test_a_customer_is_deleted_for_good(world: World, support: Seat) -> None:
    assert support.post(f"{ONE}/delete", confirmed="yes").status == 303
    assert support.get(ONE).status == 404
    assert support.post(f"{ONE}/delete", confirmed="yes").status == 404


def test_the_timeline_tells_who_changed_what_and_no_value(world: World, support: Seat) -> None:
    body = {"first_name": CANARY}
    answer = world.send("PUT", f"/admin/v2/customers/{AHMED.id}", body)
    assert answer.status == 200
    support.post(f"{ONE}/ban", reason=CANARY)
    world.audited()
    page = text(support.get(f"{ONE}/timeline", accept_language="en"))
    assert "First name" in page
    assert "Ban, Reason of the ban" in page
    assert support.person.name in page
    assert CANARY not in page


def test_the_tab_of_the_api_has_the_exact_json_and_no_token(world: World, support: Seat) -> None:
    reveal(support)
    page = support.get(f"{ONE}/api").body.decode()
    shown = unescape(re.findall(r"<code>(.*?)</code>", page, re.DOTALL)[1])
    assert msgspec.json.decode(shown) == world.get(f"/admin/v2/customers/{AHMED.id}").json
    assert "$SALLA_TOKEN" in page
    assert world.token not in page


def download(person: Seat, path: str, **fields: str) -> tuple[int, str]:
    """Return the status and the text of a file that a form asks for."""
    world, cookies = person.world, person.browser.cookies
    headers = {
        "host": "127.0.0.1:8466",
        "origin": "http://127.0.0.1:8466",
        "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "content_type": "application/x-www-form-urlencoded",
    }
    form = "&".join(f"{k}={quote(v)}" for k, v in ({"token": person.token} | fields).items())

    async def whole() -> tuple[int, str]:
        request = request_of("POST", person.at(path), headers, form.encode())
        answer = await world.api.answer(request)
        if not isinstance(answer, Stream):
            return answer.status, answer.body.decode()
        pieces = [piece async for piece in answer.pieces]
        return answer.status, b"".join(pieces).decode()

    return world.run(whole())


def test_what_is_filtered_is_exported_and_no_cell_is_a_formula(world: World, owner: Seat) -> None:
    fill(world, 60)
    evil = banned(customer(77, id=77, first_name="=HYPERLINK(1)"), "x", world.moment)
    world.keep(world.store, evil)
    said = {"reason": "operation", "ticket": "OPS-7"}
    status, whole = download(owner, "/customers/export", format="csv", **said)
    assert (status, len(whole.splitlines())) == (200, 63)
    assert '"\'=HYPERLINK(1)"' in whole
    status, part = download(owner, "/customers/export?banned=1", format="jsonl", **said)
    assert [msgspec.json.decode(line)["id"] for line in part.splitlines()] == [77]
    entry = [e for e in world.audited() if e.action == "customer.export"][-1]
    assert (entry.actor, entry.reason, entry.ticket) == (owner.person.id, "operation", "OPS-7")


def test_no_file_is_written_without_a_reason_and_a_ticket(world: World, owner: Seat) -> None:
    status, page = download(owner, "/customers/export", format="xls", reason="", ticket="Ahmed")
    assert status == 422
    assert page.count('class="fault"') == 3
    assert not [e for e in world.audited() if e.action == "customer.export"]


def work(world: World) -> None:
    while world.run(bulk_worker(world.register, world.clock).turn()):
        pass


def test_all_matches_are_changed_once_their_number_is_confirmed(
    world: World, support: Seat
) -> None:
    fill(world, 60)
    answer = support.post("/customers/act?to=2027-12-31", action="ban", reason="fraud")
    assert answer.status == 303, text(answer)
    path = answer.headers["location"].removeprefix(support.at())
    assert "61 customers will be banned" in text(support.get(path, accept_language="en"))
    for wrong in ("", "60", "x"):
        assert support.post(f"{path}/confirm", number=wrong).status == 422
    assert support.post(f"{path}/confirm", number="٦١").status == 303
    work(world)
    assert "61 of 61 dealt with; 61 changed" in text(support.get(path, accept_language="en"))
    assert support.get("/customers?banned=1").body.count(b"row-link") == 50
    assert support.post(f"{path}/confirm", number="61").status == 303
    assert "does not wait" in text(support.get(path, accept_language="en"))


@rows(
    ("fields", "faulty"),
    [
        ({}, "action"),
        ({"action": "x"}, "action"),
        ({"action": "ban"}, "reason"),
        ({"action": "add_to_group"}, "group_id"),
        ({"action": "add_to_group", "group_id": "1"}, "group_id"),
    ],
)
def test_a_change_of_all_matches_needs_what_its_action_needs(
    support: Seat, fields: dict[str, str], faulty: str
) -> None:
    answer = support.post("/customers/act", **fields)
    assert answer.status == 422
    assert f'id="{faulty}-fault"' in answer.body.decode()


def test_a_change_of_all_matches_is_stopped(world: World, support: Seat) -> None:
    answer = support.post("/customers/act", action="delete")
    path = answer.headers["location"].removeprefix(support.at())
    assert support.post(f"{path}/stop").status == 303
    assert support.post(f"{path}/confirm", number="1").status == 303
    work(world)
    assert stored(world)


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "\u2069\u202eabc",
    "' onfocus=alert(1) x='",
    "javascript:alert(1)",
)


@rows("value", HOSTILE)
def test_hostile_values_are_text_on_every_page(world: World, owner: Seat, value: str) -> None:
    made = customer(5, id=5, first_name=value, last_name=value, city=value, location=value)
    world.keep(world.store, banned(made, value, world.moment))
    reveal(owner, "/customers/5")
    paths = ["", f"?q={quote(value)}", *(f"/5{part}" for part in ("", "/edit", "/api", "/ban"))]
    for path in (*paths, "/5/delete", "/5/timeline"):
        answer = owner.get(f"/customers{path}")
        assert answer.status == 200, path
        page = answer.body.decode()
        found = Elements()
        found.feed(page)
        assert found.wrong == [], path
        if path != "/5/edit":  # a field of a form holds the value itself
            assert "\u2069" not in page
            assert "\u202e" not in page


class Elements(HTMLParser):
    """The elements and attributes of a page that run something, or that Sijill never writes."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag in ("img", "iframe") or (tag == "script" and "src" not in known):
            self.wrong.append(tag)
        self.wrong += [name for name in known if name.startswith("on")]
        target = known.get("href") or known.get("action") or "/"
        if not target.startswith(("/", "?", "#", "customers/")):
            self.wrong.append(target)


def test_a_view_of_a_page_is_audited_with_ids_and_no_value(world: World, viewer: Seat) -> None:
    fill(world, 2)
    viewer.get("/customers")
    viewer.get(ONE)
    entries = [e for e in world.audited() if e.action == "customer.view"]
    assert {e.actor for e in entries} == {viewer.person.id}
    assert {id_ for e in entries for id_ in e.ids} == {AHMED.id, 1, 2}
    assert {e.through for e in entries} == {"page"}
