"""The pages of webhooks: endpoints, deliveries, a body that is masked, and what is sent again."""

import html
import json
import re
from datetime import timedelta
from itertools import chain

import pytest
from fixtures.chromium import Chromium
from fixtures.events import CREATED
from fixtures.world import World
from msgspec.structs import replace

from console.desks import Seat
from console.driving import DIRECTIONS, Demo, asked, faults_of, signed_in
from console.test_live import read
from sijill.customers.event_body import event_body
from sijill.customers.examples import AHMED
from sijill.customers.model import Edit
from sijill.demo import APP
from sijill.webhooks.events import Event
from sijill.webhooks.model import AttemptResult, Webhook, blank
from sijill.webhooks.places import Places

URL = "https://crm.example/hook"
EVENT = "evt_018c"
PATH = f"/webhooks/100/deliveries/{EVENT}"
CANARIES = tuple(map(str, (AHMED.first_name, AHMED.email, AHMED.mobile)))


def hook_of(world: World, number: int = 100) -> Webhook:
    new = blank(number, world.store.id, APP.id, CREATED, f"{URL}/{number}", world.moment)
    return replace(new, name="crm", secret="whsec_of_theirs", headers=(("X-Key", "of theirs"),))


@pytest.fixture
def hook(world: World) -> Webhook:
    """A webhook with one delivery, which was answered with 503 and waits."""
    hook, register = hook_of(world), world.register
    world.run(register.webhooks.subscribe(hook))
    body = event_body(world.store, CREATED, world.moment, AHMED)
    event = Event(EVENT, world.store.id, CREATED, world.moment, body, AHMED.id)
    world.run(register.outbox.append(event))
    world.run(register.outbox.sequence_events(lambda *_: True, world.moment, 10))
    until = world.moment + timedelta(minutes=1)
    [due] = world.run(register.deliveries.claim(world.moment, until, Places()))
    later = world.moment + timedelta(hours=1)
    result = AttemptResult("pending", 503, None, later)
    ended = world.moment + timedelta(milliseconds=1234)
    world.run(register.deliveries.finish(due, result, ended, world.moment))
    return hook


def text(seat: Seat, path: str, language: str = "en", status: int = 200) -> str:
    answer = seat.get(path, accept_language=language)
    assert answer.status == status, answer.body
    return html.unescape(answer.body.decode())


def test_a_store_without_webhooks_says_how_they_come(viewer: Seat) -> None:
    assert "No subscription yet" in text(viewer, "/webhooks")
    assert "لا يوجد اشتراك بعد" in text(viewer, "/webhooks", "ar")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_endpoint_shows_what_it_gets_and_no_secret(
    viewer: Seat, hook: Webhook, language: str
) -> None:
    listed, shown = text(viewer, "/webhooks", language), text(viewer, "/webhooks/100", language)
    for page in (listed, shown):
        assert hook.url in page.replace("<wbr>", "")
        assert "whsec" not in page
        assert "of theirs" not in page
    assert "X-Key" in shown
    assert EVENT in shown
    assert "HTTP 503" in shown


@pytest.mark.parametrize(
    ("outcome", "is_there"),
    [("", True), ("waiting", True), ("delivered", False), ("failed", False), ("<odd>", True)],
)
def test_a_tab_has_the_deliveries_of_one_outcome(
    viewer: Seat, hook: Webhook, outcome: str, is_there: bool
) -> None:
    assert (EVENT in text(viewer, f"/webhooks/100?outcome={outcome}")) == is_there


def test_a_delivery_shows_each_attempt(viewer: Seat, hook: Webhook) -> None:
    page = text(viewer, PATH)
    assert "HTTP 503" in page
    assert ">1,234<" in page
    assert "No attempt" not in page


def test_a_delivery_that_was_not_sent_says_so(world: World, viewer: Seat) -> None:
    world.run(world.register.webhooks.subscribe(hook_of(world)))
    event = Event(EVENT, world.store.id, CREATED, world.moment, b"{}", None)
    world.run(world.register.outbox.append(event))
    world.run(world.register.outbox.sequence_events(lambda *_: True, world.moment, 10))
    assert "No attempt was sent yet" in text(viewer, PATH)
    assert "لم تُرسل أي محاولة بعد" in text(viewer, PATH, "ar")


@pytest.mark.parametrize(
    ("error", "language", "told"),
    [
        ("connect", "ar", "تعذّر الاتصال"),
        ("connect", "en", "No connection"),
        ("<odd>", "ar", ""),
    ],
)
def test_an_answer_that_did_not_come_is_explained_beside_its_error(
    world: World, viewer: Seat, hook: Webhook, error: str, language: str, told: str
) -> None:
    register, until = world.register, world.moment + timedelta(days=1)
    [due] = world.run(register.deliveries.claim(until, until + timedelta(minutes=1), Places()))
    result = AttemptResult("pending", None, error, world.moment)
    world.run(register.deliveries.finish(due, result, until, until))
    for path, times in (("/webhooks/100", 1), (PATH, 2)):
        page = text(viewer, path, language)
        explained = f"<bdi>{told}</bdi> " if told else ""
        assert page.count(f'{explained}<bdi dir="ltr" class="code">{error}</bdi>') == times


def seen(seat: Seat, path: str, prefix: str) -> list[list[str]]:
    """Return what each page has in the addresses of its rows, following the links to the next."""
    pages, here = [], path
    while here:
        page = text(seat, here)
        pages.append(re.findall(rf'class="row-link" href="[^"]*{prefix}([0-9a-z_]+)"', page))
        link = re.search(r'rel="next" href="[^"?]*([^"]*)"', page)
        here = f"{path.partition('?')[0]}{link[1]}" if link else ""
    return pages


@pytest.mark.parametrize("tab", ["", "?outcome=waiting"])
def test_deliveries_come_thirty_to_a_page_the_newest_first(
    world: World, viewer: Seat, tab: str
) -> None:
    world.run(world.register.webhooks.subscribe(hook_of(world)))
    ids = [f"evt_{number:04}" for number in range(120)]
    for number, id_ in enumerate(ids):
        at = world.moment + timedelta(seconds=number // 40)
        world.run(world.register.outbox.append(Event(id_, world.store.id, CREATED, at, b"{}")))
        if number % 40 == 39:
            world.run(world.register.outbox.sequence_events(lambda *_: True, at, 100))
    pages = seen(viewer, f"/webhooks/100{tab}", "deliveries/")
    assert [len(page) for page in pages] == [30, 30, 30, 30]
    assert [*chain(*pages)] == ids[::-1]
    newest = f'href="{viewer.at("/webhooks/100" + tab)}">To the newest'
    assert newest in text(viewer, f"/webhooks/100{tab or '?'}&after=0.{ids[0]}")
    assert "To the newest" not in text(viewer, f"/webhooks/100{tab}")


def test_endpoints_come_fifty_to_a_page_the_newest_first(world: World, viewer: Seat) -> None:
    for number in range(60):
        hook = replace(hook_of(world, 100 + number), created_at=world.moment)
        world.run(world.register.webhooks.subscribe(hook))
    pages = seen(viewer, "/webhooks", "webhooks/")
    assert [len(page) for page in pages] == [50, 10]
    assert [*chain(*pages)] == [str(number) for number in range(159, 99, -1)]


@pytest.mark.parametrize("after", ["", "x", "1.", f"{2**63}.1", "1.<b>", "1.evt_1", "-1.2"])
def test_a_place_that_is_none_is_the_first_page_or_an_empty_one(
    viewer: Seat, hook: Webhook, after: str
) -> None:
    for path in ("/webhooks", "/webhooks/100"):
        assert viewer.get(f"{path}?after={after}").status == 200


def test_a_body_is_masked_until_the_customer_is_revealed(
    world: World, support: Seat, viewer: Seat, hook: Webhook
) -> None:
    for seat in (support, viewer):
        assert [one for one in CANARIES if one in text(seat, PATH)] == []
    reveals = world.register.reveals.open(
        support.person, world.store.id, AHMED.id, "support", "HELP-1", world.moment
    )
    world.run(reveals)
    assert CANARIES[0] in text(support, PATH)
    assert [one for one in CANARIES if one in text(viewer, PATH)] == []


def test_who_sees_a_body_is_in_the_audit_log(world: World, viewer: Seat, hook: Webhook) -> None:
    text(viewer, PATH)
    [entry] = [one for one in world.audited() if one.action == "customer.view"]
    assert (entry.kind, entry.actor, entry.ids) == ("person", viewer.person.id, (AHMED.id,))


def test_a_delivery_is_sent_again_with_the_same_id_and_bytes(
    world: World, support: Seat, hook: Webhook
) -> None:
    other = hook_of(world, 101)
    world.run(world.register.webhooks.subscribe(other))
    before = world.run(world.register.deliveries.find(world.store.id, 100, EVENT))
    answer = support.post(f"{PATH}/redeliver")
    assert answer.headers["location"] == support.at(PATH)
    until = world.moment + timedelta(minutes=1)
    [due] = world.run(world.register.deliveries.claim(world.moment, until, Places()))
    assert (due.webhook.id, due.event.id, due.event.body) == (100, EVENT, before.event.body)
    assert due.attempt == 1
    assert [one.ids for one in world.audited() if one.action == "customer.send"] == [(AHMED.id,)]


def test_nothing_is_sent_again_of_a_deleted_customer(
    world: World, support: Seat, hook: Webhook
) -> None:
    world.run(world.register.customers.delete(world.store.id, AHMED.id, world.moment))
    page = text(support, PATH)
    assert "The customer was deleted" in page
    assert "redeliver" not in page
    assert support.post(f"{PATH}/redeliver").status == 404


def test_a_viewer_is_offered_nothing_that_sends(viewer: Seat, owner: Seat, hook: Webhook) -> None:
    assert "/redeliver" not in text(viewer, PATH)
    assert "/test" not in text(viewer, "/webhooks/100")
    assert "/100/test" in text(owner, "/webhooks/100")
    assert "/redeliver" in text(owner, PATH)


def test_an_owner_resumes_a_paused_webhook(world: World, owner: Seat, viewer: Seat) -> None:
    paused = replace(hook_of(world), paused="gone")
    world.run(world.register.webhooks.subscribe(paused))
    world.run(world.register.driver.run("webhook_fails", 100, 0, "gone"))
    assert "Paused: the address is gone" in text(viewer, "/webhooks/100")
    assert "/resume" not in text(viewer, "/webhooks/100")
    assert "/resume" in text(owner, "/webhooks/100")
    assert owner.post("/webhooks/100/resume").status == 303
    assert "Paused" not in text(owner, "/webhooks/100")


def told(world: World) -> list[Event]:
    world.run(world.register.outbox.sequence_events(lambda *_: True, world.moment, 100))
    read = world.register.outbox.changes(world.store.id, after=0, names=(), limit=100)
    return [one.event for one in world.run(read)]


def test_a_test_event_is_as_a_real_one_and_in_the_audit_log(
    world: World, support: Seat, hook: Webhook
) -> None:
    for number, event in ((101, "customer.login"), (102, "customer.otp.request")):
        other = replace(hook_of(world, number), event=event, url=hook.url)
        world.run(world.register.webhooks.subscribe(other))
    form = text(support, "/webhooks/100/test")
    assert re.findall(r'<option value="([a-z.]+)"', form) == [
        *(CREATED, "customer.login", "customer.otp.request")
    ]
    before = len(told(world))
    for event in (CREATED, "customer.login", "customer.otp.request"):
        answer = support.post("/webhooks/100/test", event=event, customer=str(AHMED.id))
        assert answer.headers["location"] == support.at("/webhooks/100")
    happened = told(world)[before:]
    assert [one.name for one in happened] == [CREATED, "customer.login", "customer.otp.request"]
    bodies = [json.loads(one.body)["data"] for one in happened]
    assert bodies[0]["id"] == AHMED.id
    assert bodies[1]["source"]["device"] == "desktop"
    assert set(bodies[2]) == {"code", "contact"}
    entries = [one for one in world.audited() if one.action == "customer.send"]
    assert [(one.kind, one.actor, one.ids) for one in entries] == [
        ("person", support.person.id, (AHMED.id,))
    ] * 3


@pytest.mark.parametrize(
    ("event", "customer", "fault"),
    [
        ("customer.login", str(AHMED.id), "does not listen"),
        ("", str(AHMED.id), "does not listen"),
        (CREATED, "", "No customer"),
        (CREATED, "1", "No customer"),
        (CREATED, "<b>", "No customer"),
    ],
)
def test_a_faulty_test_event_does_not_happen(
    world: World, support: Seat, hook: Webhook, event: str, customer: str, fault: str
) -> None:
    before = len(told(world))
    answer = support.post("/webhooks/100/test?lang=en", event=event, customer=customer)
    assert answer.status == 422
    assert fault in html.unescape(answer.body.decode())
    assert len(told(world)) == before


def test_a_code_needs_a_mobile_or_an_e_mail(world: World, support: Seat, hook: Webhook) -> None:
    bare = replace(AHMED, mobile=0, email="", groups=())
    edit = Edit(AHMED.id, lambda _: bare)
    world.run(world.register.customers.change(world.store.id, [edit]))
    code = replace(hook_of(world, 101), event="customer.otp.request")
    world.run(world.register.webhooks.subscribe(code))
    fields = {"event": code.event, "customer": str(AHMED.id)}
    answer = support.post("/webhooks/101/test?lang=en", **fields)
    assert b"neither mobile nor e-mail" in answer.body


@pytest.mark.parametrize(
    "path",
    ["/webhooks/1", "/webhooks/x", "/webhooks/100/deliveries/evt_none", f"/webhooks/1/x/{EVENT}"],
)
def test_what_is_not_there_is_absent(owner: Seat, hook: Webhook, path: str) -> None:
    assert owner.get(path).status == 404


def test_webhooks_of_another_store_are_absent(world: World, owner: Seat, hook: Webhook) -> None:
    other = replace(hook_of(world, 102), store_id=world.other_store.id)
    world.run(world.register.webhooks.subscribe(other))
    assert owner.get("/webhooks/102").status == 404
    assert owner.post("/webhooks/102/resume").status == 404
    assert "/102" not in text(owner, "/webhooks")


@pytest.mark.browser
@pytest.mark.parametrize("language", DIRECTIONS)
def test_pages_of_an_endpoint_are_fit_for_everybody(
    chromium: Chromium, served: Demo, axe: str, language: str
) -> None:
    new = {
        "name": "crm",
        "event": "customer.updated",
        "url": f"http://127.0.0.1:9/{language}/{'long' * 30}",
        "version": 2,
        "security_strategy": "token",
        "secret": "of the tests alone",
        "headers": [{"key": "X-Key", "value": "theirs"}],
    }
    number = asked(served, "POST", "/webhooks/subscribe", new)["id"]
    asked(served, "PUT", f"/customers/{AHMED.id}", {"first_name": f"Omar {language}"})
    page = signed_in(chromium, served, language)
    page.open(f"{served.url}/_/console")
    home = page.run("location.pathname")
    endpoint = f"{home}/webhooks/{number}"
    assert faults_of(page, served, f"{home}/webhooks", language, axe) == []
    assert faults_of(page, served, endpoint, language, axe) == []
    page.open(f"{served.url}{endpoint}")
    assert faults_of(page, served, f"{endpoint}/test", language, axe) == []
    row = "document.querySelector('a.row-link')?.getAttribute('href')"
    while not (delivery := page.run(row)):  # the delivery is made after the answer
        page.open(f"{served.url}{endpoint}")
    assert faults_of(page, served, delivery, language, axe) == []


def test_a_page_hears_of_a_delivery_that_ends(
    world: World, viewer: Seat, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries, moment = world.register.deliveries, world.moment + timedelta(hours=1)
    looks: list[float] = []

    async def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            [due] = await deliveries.claim(moment, moment + timedelta(minutes=1), Places())
            await deliveries.finish(due, AttemptResult("done", 200, None, moment), moment, moment)

    monkeypatch.setattr(world.draining, "sleep", sleep)
    pieces = world.run(read(world, viewer))
    assert [piece for piece in pieces[1:] if piece != b":\n\n"] == [b"data: webhooks\n\n"]
