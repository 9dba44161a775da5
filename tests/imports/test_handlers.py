"""Import Customers, through the whole application."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.uploads import MULTIPART, csv, form, part, workbook
from fixtures.world import Answer, World

from sijill.customers.examples import AHMED
from sijill.errors import Fault, Unavailable
from sijill.imports.job import Importer
from sijill.imports.model import Import, TooManyImports

PATH = "/customers/import"
PAYLOADS = Path(__file__).parents[1] / "payloads"
SHEET = workbook(
    ("الاسم الأول", "رقم الجوال", "البريد الإلكتروني"),
    ("سارة", "0551234567", "sara@example.com"),
    ("علي", "", "not an address"),
)


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def send(world: World, data: bytes, token: str = "", **headers: str) -> Answer:
    headers = {"content_type": MULTIPART} | headers
    return world.ask("POST", PATH, token or world.writer, form(part(data)), **headers)


def imports(world: World) -> list[Import]:
    return world.run(world.register.imports.all(world.store.id))


def work(world: World) -> None:
    """Work off everything that was taken in."""

    async def whole() -> None:
        importer = Importer(world.register.imports, world.register.stores, world.clock)
        while await importer.turn():
            pass

    world.run(whole())


def names(world: World) -> set[str]:
    return {one["first_name"] for one in world.get("/customers").json["data"]}


@pytest.mark.proves("`POST /customers/import`")
def test_a_file_is_taken_in_at_once_in_the_documented_words(world: World) -> None:
    told: list[None] = []
    world.change(on_import=lambda: told.append(None))
    answer = send(world, SHEET)
    assert (answer.status, answer.json) == (200, payload("customers_import_response"))
    assert list(answer.json["data"]) == ["message", "code"]
    assert len(told) == 1
    (job,) = imports(world)
    assert (job.state, job.rows, job.done, job.name) == ("queued", 2, 0, "customers.xlsx")
    assert names(world) == {"Ahmed"}


def test_its_good_rows_become_customers_and_its_bad_ones_are_kept(world: World) -> None:
    send(world, SHEET)
    work(world)
    (job,) = imports(world)
    assert (job.state, job.done, job.created, job.updated, job.rejected) == ("done", 2, 1, 0, 1)
    assert names(world) == {"Ahmed", "سارة"}
    (row,) = world.run(world.register.imports.rejects(world.store.id, job.id))
    assert (row.line, row.cells["email"]) == (3, "not an address")
    assert "email is not an e-mail address" in row.reason


@pytest.mark.proves("an empty file")
def test_an_empty_file_is_refused_in_the_documented_words(world: World) -> None:
    answer = send(world, b"")
    assert (answer.status, answer.json) == (422, payload("error_422_import_empty_file"))
    assert answer.headers["content-language"] == "ar"
    english = send(world, csv("email"), accept_language="en")
    assert english.json["error"] == {"code": "error", "message": "The uploaded file is empty!"}
    assert imports(world) == []


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\x89PNG\r\n\x1a\n", "neither an Excel workbook"),
        (SHEET[:-40], "neither an Excel workbook"),
        (csv("email,اسم الجد", "a@b.c,x"), "A heading"),
        (csv(",".join(["email"] * 61), ",".join(["x"] * 61)), "A heading"),
        (
            workbook(("email",), ("a@b.c",), *[("",)] * 3, (*[""] * 60, "x")),
            "rows, columns or parts",
        ),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_with_a_sentence_that_names_none_of_it(
    world: World, data: bytes, word: str
) -> None:
    answer = send(world, data, accept_language="en")
    assert answer.status == 422
    assert list(answer.json["error"]) == ["code", "message"]
    assert word in answer.json["error"]["message"]
    assert "الجد" not in answer.body.decode()
    arabic = send(world, data).json["error"]
    assert arabic["code"] == "error"
    assert arabic["message"] != answer.json["error"]["message"]
    assert imports(world) == []


def test_a_request_without_a_file_is_refused_by_the_fields_name(world: World) -> None:
    for body, content_type in ((b"{}", "application/json"), (form(), MULTIPART)):
        answer = world.send("POST", PATH, body, content_type=content_type)
        assert answer.status == 422
        assert answer.json["error"]["fields"] == {"file": ["حقل file مطلوب."]}
    broken = world.send("POST", PATH, form(part(b"x"))[:-5], content_type=MULTIPART)
    assert (broken.status, broken.json["error"]["code"]) == (400, 400)


@pytest.mark.parametrize(
    "body",
    [
        form(part(SHEET, field="customers")),
        form(part(SHEET, name=None)),
        form(part(b"x", field="note", name=None), part(SHEET, field="upload")),
    ],
)
def test_the_file_is_found_whatever_its_field_is_called(world: World, body: bytes) -> None:
    assert world.send("POST", PATH, body, content_type=MULTIPART).status == 200
    assert [job.rows for job in imports(world)] == [2]


def test_the_path_is_the_imports_and_never_a_customer_or_another_method(world: World) -> None:
    answer = world.get(PATH)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_a_reading_token_may_not_import(world: World) -> None:
    answer = send(world, SHEET, world.token)
    assert answer.status == 401
    assert answer.json["error"]["message"].endswith("customers.read_write")
    assert imports(world) == []


def test_a_file_belongs_to_the_tokens_store_alone(world: World) -> None:
    send(world, SHEET, world.mint(world.other_store, "customers.read_write"))
    assert imports(world) == []
    work(world)
    assert names(world) == {"Ahmed"}
    theirs = world.get("/customers", world.mint(world.other_store)).json["data"]
    assert [one["first_name"] for one in theirs] == ["سارة"]


def test_a_file_cannot_reach_another_stores_customer_by_its_id(world: World) -> None:
    data = csv("id,first_name,email", f"{AHMED.id},Mallory,mallory@example.com")
    send(world, data, world.mint(world.other_store, "customers.read_write"))
    work(world)
    assert names(world) == {"Ahmed"}


def test_the_same_file_again_is_a_new_import(world: World) -> None:
    send(world, SHEET)
    send(world, SHEET)
    work(world)
    assert [(job.created, job.rejected) for job in imports(world)] == [(0, 2), (1, 1)] or [
        (job.created, job.rejected) for job in imports(world)
    ] == [(1, 1), (0, 2)]


def test_the_same_key_again_is_the_same_import(world: World) -> None:
    first = send(world, SHEET, idempotency_key="k1")
    second = send(world, SHEET, idempotency_key="k1")
    assert first.body == second.body
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert len(imports(world)) == 1
    other = send(world, csv("email", "a@b.c"), idempotency_key="k1")
    assert other.status == 422
    assert "Idempotency-Key" in other.json["error"]["fields"]
    assert len(imports(world)) == 1


class Busy:
    """A reader that has too much to do."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault

    async def read(self, file: Any, store_id: int) -> None:
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "status", "code", "wait"),
    [
        (Unavailable(5), 503, "service_unavailable", "5"),
        (TooManyImports(), 429, "too_many_requests", "30"),
    ],
)
def test_a_server_that_reads_too_many_files_says_when_to_come_back(
    world: World, fault: Fault, status: int, code: str, wait: str
) -> None:
    world.change(read_upload=Busy(fault).read)
    answer = send(world, SHEET, accept_language="en")
    assert (answer.status, answer.json["error"]["code"]) == (status, code)
    assert answer.headers["retry-after"] == wait
    assert imports(world) == []


def test_an_import_sees_what_was_written_meanwhile(world: World) -> None:
    rows = [f"c{number}@example.com" for number in range(120)]
    send(world, csv("email", *rows))

    async def story() -> None:
        importer = Importer(world.register.imports, world.register.stores, world.clock)
        working = asyncio.create_task(importer.turn())
        created = world.answer("POST", "/customers", world.writer, {"email": rows[119]})
        assert (await created).status == 200
        await working

    world.run(story())
    (job,) = imports(world)
    assert (job.done, job.created, job.rejected) == (120, 119, 1)


@pytest.mark.parametrize("column", ["wallet_balance", "total_points", "رصيد المحفظة"])
def test_an_apps_file_cannot_write_what_only_a_ledger_may(world: World, column: str) -> None:
    for data in (csv(f"email,{column}", "a@b.c,5"), workbook(("email", column), ("a@b.c", 5))):
        assert send(world, data).status == 422
    assert imports(world) == []
