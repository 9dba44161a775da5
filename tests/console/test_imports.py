"""Files of customers on pages: sent, looked at, imported, refused rows, undone."""

import re
from html import unescape

import pytest
from fixtures.browsing import HOST
from fixtures.tables import rows
from fixtures.uploads import BOUNDARY, MULTIPART, workbook
from fixtures.world import Answer, World

from console.desks import Seat
from sijill.customers.examples import AHMED
from sijill.customers.model import Customer, Edit
from sijill.imports import drafts
from sijill.imports.drafts import in_time
from sijill.imports.job import Importer
from sijill.imports.rows import Row

pytestmark = pytest.mark.proves(
    "a file is looked at on a page before anything of it is imported, its refused rows are "
    "downloaded, and what it created is undone unless it was changed since"
)

CSV = "الاسم الأول,الجوال,البريد\r\n" + "".join(
    f"Name{n},05011{n:05d},n{n}@test.test\r\n" for n in range(20)
)
BAD = "x,1,none\r\n=cmd(),2,none\r\n"


def text(answer: Answer) -> str:
    return unescape(answer.body.decode())


def send(
    person: Seat,
    content: bytes,
    name: str = "a.csv",
    token: str | None = None,
    **headers: str,
) -> Answer:
    token = person.token if token is None else token
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    ).encode() + content
    body += f"\r\n--{BOUNDARY}--\r\n".encode()
    headers |= {"content_type": MULTIPART, "origin": f"http://{HOST}"}
    headers["sec_fetch_site"] = "same-origin"
    return person.browser._asked("POST", person.at("/customers/import"), body, headers)


def sent(person: Seat, content: str = CSV) -> str:
    """Return the path of the page of a file that was taken."""
    answer = send(person, content.encode())
    assert answer.status == 303, text(answer)
    return answer.headers["location"].removeprefix(person.at())


def work(world: World) -> None:
    importer = Importer(world.register.imports, world.register.stores, world.clock)
    while world.run(importer.turn()):
        pass


def total(world: World) -> int:
    async def count() -> int:
        return len([one async for one in world.register.customers.each(world.store.id)])

    return world.run(count())


def test_a_file_is_looked_at_before_anything_of_it_is_imported(world: World, owner: Seat) -> None:
    path = sent(owner)
    work(world)
    assert total(world) == 1
    page = text(owner.get(path, accept_language="en"))
    assert "The file has 20 rows and 3 columns" in page
    for shown in ("First name", "Mobile", "E-mail", "Name0", "Name9"):
        assert shown in page
    assert "Name10" not in page
    assert owner.post(f"{path}/begin").status == 303
    work(world)
    assert total(world) == 21
    assert "20 of 20: 20 created" in text(owner.get(path, accept_language="en"))
    entries = [
        e for e in world.audited() if e.action == "customer.create" and e.through == "import"
    ]
    assert {(e.kind, e.actor) for e in entries} == {("person", owner.person.id)}
    assert owner.post(f"{path}/begin").status == 303
    work(world)
    assert total(world) == 21


def test_a_file_is_thrown_away(world: World, owner: Seat) -> None:
    path = sent(owner)
    assert owner.post(f"{path}/discard").status == 303
    assert owner.post(f"{path}/begin").status == 303
    work(world)
    assert total(world) == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_file_that_cannot_be_read_says_why(world: World, owner: Seat, language: str) -> None:
    owner.post("/look", language=language)
    sentences = set()
    for content in (b"", b"a,b\r\n1,2\r\n", b"\x00\x01"):
        answer = send(owner, content)
        assert answer.status == 422
        found = re.search(r'class="fault" id="file-fault">([^<]+)<', answer.body.decode())
        assert found
        sentences.add(found[1])
    assert len(sentences) == 3
    assert owner.post("/customers/import").status == 422
    assert world.run(world.register.imports.all(world.store.id)) == []


def test_a_file_without_the_token_of_its_page_is_refused(world: World, owner: Seat) -> None:
    for token in ("", "0" * 64):
        assert send(owner, CSV.encode(), token=token).status == 403
    assert world.run(world.register.imports.all(world.store.id)) == []


def test_a_workbook_is_read_too(owner: Seat) -> None:
    data = workbook(["البريد", "الاسم"], ["a@b.test", "نورة"])
    answer = send(owner, data, "a.xlsx")
    assert answer.status == 303
    assert "نورة" in text(owner.get(answer.headers["location"].removeprefix(owner.at())))


def test_another_owner_sees_the_first_rows_masked(world: World, owner: Seat) -> None:
    path = sent(owner)
    world.run(world.register.driver.run("begin_import", world.store.id, 0))
    job = world.run(world.register.imports.all(world.store.id))[0]
    other = job.__class__(**{n: getattr(job, n) for n in job.__struct_fields__} | {"person_id": 9})

    async def find(*_: object) -> object:
        return other

    world.register.imports.find = find  # type: ignore[method-assign, assignment]
    page = text(owner.get(path))
    assert "Name0" not in page
    assert "n0@test.test" not in page
    assert "•••" in page


def test_refused_rows_are_downloaded_with_their_reasons_and_no_formula(
    world: World, owner: Seat
) -> None:
    path = sent(owner, CSV + BAD)
    owner.post(f"{path}/begin")
    work(world)
    assert "20 created, 0 changed, 2 refused" in text(owner.get(path, accept_language="en"))
    file = owner.get(f"{path}/rejects", accept_language="en")
    assert file.headers["content-disposition"].startswith("attachment")
    lines = file.body.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert '"\'=cmd()"' in lines[2]
    assert "mobile" in lines[1]
    assert any(e.action == "import.view" for e in world.audited())


def test_an_import_is_undone_but_for_customers_who_changed_since(world: World, owner: Seat) -> None:
    path = sent(owner)
    owner.post(f"{path}/begin")
    work(world)

    async def change() -> None:
        made = await world.register.customers.find_id(world.store.id, "n3@test.test")

        def decide(old: Customer | None) -> Customer:
            assert old is not None
            return Customer(
                **{n: getattr(old, n) for n in old.__struct_fields__}
                | {"city": "جدة", "updated_at": world.moment.replace(year=2030)}
            )

        await world.register.customers.change(world.store.id, [Edit(made, decide)])

    world.run(change())
    assert "what apps were told is not taken back" in text(owner.get(path, accept_language="en"))
    assert owner.post(f"{path}/undo").status == 303
    assert "19 customers deleted; 1 had changed" in text(owner.get(path, accept_language="en"))
    assert total(world) == 2
    entries = [e for e in world.audited() if e.action == "customer.delete"]
    assert {(e.kind, e.actor) for e in entries} == {("person", owner.person.id)}


def test_an_undo_of_many_goes_on_when_it_is_pressed_again(
    world: World, owner: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sijill.console.imports.AT_ONCE", 15)
    path = sent(owner)
    owner.post(f"{path}/begin")
    work(world)
    owner.post(f"{path}/undo")
    assert "5 left" in text(owner.get(path, accept_language="en"))
    assert total(world) == 6
    owner.post(f"{path}/undo")
    assert total(world) == 1
    assert "Undone" in text(owner.get(path, accept_language="en"))
    owner.post(f"{path}/undo")
    assert total(world) == 1


def test_after_a_day_nothing_is_undone(world: World, owner: Seat) -> None:
    path = sent(owner)
    owner.post(f"{path}/begin")
    work(world)
    world.clock.now += 25 * 3600
    owner.browser.sign_in("owner@example.com", "correct horse battery")
    assert owner.post(f"{path}/undo").status == 303
    assert total(world) == 21


def dry(person: Seat, path: str, match: str = "id") -> str:
    """Try a file, and return its page."""
    answer = person.post(f"{path}/rehearse", match=match)
    assert answer.headers["location"] == person.at(path)
    return text(person.get(path, accept_language="en"))


def figures(page: str) -> list[int]:
    """Return how many customers would be created and changed, and how many rows refused."""
    return [int(n) for n in re.findall(r'class="value"><bdi>(\d+)</bdi>', page)]


def test_a_trial_tells_what_the_import_then_does_and_changes_nobody(
    world: World, owner: Seat
) -> None:
    path = sent(owner, CSV + BAD)
    page = dry(owner, path)
    assert "All 22 rows were tried; no customer changed" in page
    assert figures(page) == [20, 0, 2]
    assert total(world) == 1
    refused = owner.get(f"{path}/rejects?lang=en")
    assert refused.status == 200
    assert len(refused.body.decode("utf-8-sig").splitlines()) == 3
    assert figures(dry(owner, path)) == [20, 0, 2]
    work(world)
    assert total(world) == 1
    assert owner.post(f"{path}/begin", match="id").status == 303
    work(world)
    assert "22 of 22: 20 created, 0 changed, 2 refused" in text(
        owner.get(path, accept_language="en")
    )
    assert len(owner.get(f"{path}/rejects").body.decode("utf-8-sig").splitlines()) == 3
    created = [e for e in world.audited() if e.action == "customer.create" and e.kind == "person"]
    assert sum(len(entry.ids) for entry in created) == 20


@pytest.mark.parametrize(
    ("match", "counts"),
    [("id", [0, 0, 1]), ("mobile", [0, 1, 0]), ("email", [0, 0, 1])],
)
def test_rows_find_customers_as_the_page_says(
    world: World, owner: Seat, match: str, counts: list[int]
) -> None:
    known = world.run(world.register.customers.find(world.store.id, AHMED.id))
    row = f"الاسم الأول,الجوال\r\nOther,+{known.mobile_code}{known.mobile}\r\n"
    path = sent(owner, row)
    page = dry(owner, path, match)
    assert figures(page) == counts
    assert re.search(rf'<option value="{match}" selected>', page)
    assert owner.post(f"{path}/begin", match=match).status == 303
    work(world)
    now = world.run(world.register.customers.find(world.store.id, AHMED.id))
    assert now.first_name == ("Other" if counts[1] else known.first_name)


@pytest.mark.parametrize("match", ["", "name", "ID"])
def test_an_unknown_way_tries_nothing(owner: Seat, match: str) -> None:
    path = sent(owner)
    assert "rows were tried" not in dry(owner, path, match)


def test_a_file_that_is_imported_is_not_tried_again(world: World, owner: Seat) -> None:
    path = sent(owner)
    owner.post(f"{path}/begin", match="id")
    work(world)
    assert "20 of 20: 20 created" in dry(owner, path)


def test_a_trial_ends_in_time_with_the_first_row_at_least() -> None:
    rows = [Row(number, {}) for number in range(10)]
    ticks = iter(range(100))
    assert len(list(in_time(rows, lambda: next(ticks), 5))) == 6
    assert len(list(in_time(rows, lambda: 9, 5))) == 1
    assert list(in_time([], lambda: 9, 5)) == []


def test_a_trial_of_a_part_says_so(monkeypatch: pytest.MonkeyPatch, owner: Seat) -> None:
    monkeypatch.setattr(drafts, "ROWS", 5)
    page = dry(owner, sent(owner))
    assert "The first 5 rows were tried" in page
    assert figures(page) == [5, 0, 0]


@rows(
    ("content", "told"),
    [
        ("email,ملاحظات\na@example.com,x\n", '"ملاحظات". Give each column one heading'),
        ("email,Name,first_name\na@example.com,x,y\n", '"first_name". Give each column'),
        ("email,wallet_balance\na@example.com,5\n", '"wallet_balance". Give each column'),
        ("Sara,sara@example.com\n", "repeated. Give each column one heading"),
        ("الاسم\nسارة\n".encode("windows-1256"), "UTF-16. In Excel: Save As, CSV UTF-8."),
    ],
)
def test_a_refused_file_is_told_which_headings_and_what_helps(
    world: World, owner: Seat, content: str | bytes, told: str
) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    answer = send(owner, data, accept_language="en")
    assert answer.status == 422
    assert told in text(answer)
    assert "sara@example.com" not in text(answer)
