"""`sijill person`, or `sijill owner`: who is kept, under which password, in which role."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli.operating import Operator

from sijill.oauth.passwords import Passwords

SARA = ("--email", "Sara@Example.com", "--name", "سارة")
GOOD = "correct horse battery"


def create(operator: Operator, password: str, *words: str, code: int = 0) -> str:
    """Create an owner whose password is piped in, and return what was said."""
    told = ("owner", "create", *words, "--password-file", "-")
    return operator.type(*told, code=code, data=password).output


def opens(operator: Operator, password: str, email: str = "sara@example.com") -> bool:
    known = operator.ask(lambda register: register.people.find_by_email(email))
    assert known is not None
    return asyncio.run(Passwords().matches(password, known.password))


@pytest.fixture
def two(operator: Operator) -> Operator:
    operator.type("store", "create", "shop", "--id", "7")
    operator.type("store", "create", "kiosk", "--id", "5")
    return operator


def test_an_owner_is_kept_with_the_stores_and_a_hash_alone(two: Operator) -> None:
    where = ("--store", "shop", "--store", "5", "--store", "7")
    said = create(two, f"{GOOD}\n", *where, *SARA, "--mobile", "0501234567")
    (row,) = two.json("owner", "list")
    assert {name: row[name] for name in row if name not in ("id", "created_at")} == {
        "name": "سارة",
        "email": "Sara@Example.com",
        "mobile": "+966501234567",
        "store_ids": [5, 7],
        "role": "owner",
        "suspended_at": None,
        "stores": ["kiosk", "shop"],
    }
    assert opens(two, GOOD)
    assert GOOD not in said
    assert not two.keeps(GOOD)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_newline_at_the_end_of_a_file_is_no_part_of_the_password(
    two: Operator, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / "password"
    file.write_bytes(f" {GOOD} {ending}".encode())
    two.type("owner", "create", "--store", "shop", *SARA, "--password-file", str(file))
    assert opens(two, f" {GOOD} ")


def test_a_password_is_asked_twice_and_never_shown(two: Operator) -> None:
    typed = f"{GOOD}\nanother one\n{GOOD}\n{GOOD}\n"
    result = two.type("owner", "create", "--store", "shop", *SARA, "--json", data=typed)
    assert "do not match" in result.stderr
    assert "Password" not in result.stdout
    assert GOOD not in result.output
    assert opens(two, GOOD)


@pytest.mark.parametrize(
    ("password", "words", "code", "sentence"),
    [
        (
            "short",
            (*SARA, "--store", "shop"),
            64,
            "password-file: it has fewer than 12",
        ),
        (
            "x" * 257,
            (*SARA, "--store", "shop"),
            64,
            "password-file: it has more than 256",
        ),
        ("two lines\nof them", (*SARA, "--store", "shop"), 64, "holds a control character"),
        (GOOD, (*SARA, "--store", "none"), 1, "there is no store none"),
        (GOOD, (*SARA, "--store", "shop", "--mobile", "+96650"), 64, "mobile: it has too few"),
        (GOOD, ("--email", "sara", "--name", "S", "--store", "shop"), 64, "email: it is not an"),
        (GOOD, ("--email", "s@e.com", "--name", " ", "--store", "shop"), 64, "name: write one"),
        (GOOD, ("--email", "s@e.com", "--name", "a\u202eb", "--store", "shop"), 64, "name: it"),
    ],
)
def test_a_faulty_owner_is_refused_with_a_sentence(
    two: Operator, password: str, words: tuple[str, ...], code: int, sentence: str
) -> None:
    said = create(two, password, *words, code=code)
    assert sentence in said
    assert password not in said
    assert two.json("owner", "list") == []


def test_a_file_that_is_absent_or_no_text_is_refused_and_not_repeated(
    two: Operator, tmp_path: Path
) -> None:
    words = ("owner", "create", "--store", "shop", *SARA, "--password-file")
    assert "absent: " in two.type(*words, "absent", code=64).stderr
    file = tmp_path / "password"
    file.write_bytes(b"secret secret \xf1")
    assert two.type(*words, str(file), code=64).stderr == f"sijill: {file}: it is not UTF-8\n"


def test_two_spellings_of_one_e_mail_are_one_owner(two: Operator) -> None:
    create(two, GOOD, "--store", "shop", *SARA)
    again = ("--store", "shop", "--email", "sara@example.COM", "--name", "S")
    assert "another person has the email" in create(two, GOOD, *again, code=1)


def test_a_new_password_takes_the_place_of_the_old_and_signs_out(two: Operator) -> None:
    create(two, GOOD, "--store", "shop", *SARA)
    (row,) = two.json("owner", "list")
    owner, now, session = int(str(row["id"])), datetime.now(UTC), b"s" * 32
    two.ask(lambda register: register.sessions.open(session, owner, now))
    words = ("owner", "password", "--email", " SARA@example.com", "--password-file", "-")
    told = two.type(*words, data="another password\n").output
    assert told == "Sara@Example.com has a new password, and is signed out everywhere\n"
    assert opens(two, "another password")
    assert not opens(two, GOOD)
    assert two.ask(lambda register: register.sessions.find(session)) is None


def test_the_password_of_nobody_cannot_be_set(two: Operator) -> None:
    words = ("owner", "password", "--email", "nobody@example.com", "--password-file", "-")
    said = two.type(*words, code=1, data=GOOD).output
    assert "there is no person with that e-mail" in said
    assert GOOD not in said


def test_a_person_has_a_role_is_renamed_suspended_and_resumed(two: Operator) -> None:
    create(two, GOOD, "--store", "shop", *SARA, "--role", "viewer")

    def row() -> dict[str, object]:
        (found,) = two.json("person", "list")
        return found

    assert (row()["role"], row()["suspended_at"]) == ("viewer", None)
    assert (
        "has the role support" in two.type("person", "role", "sara@example.com", "support").stdout
    )
    assert "has the name Noura" in two.type("person", "rename", str(row()["id"]), "Noura").stdout
    assert "is suspended" in two.type("person", "suspend", "sara@example.com").stdout
    assert (row()["role"], row()["name"]) == ("support", "Noura")
    assert row()["suspended_at"] is not None
    assert "may sign in again" in two.type("owner", "resume", "sara@example.com").stdout
    assert row()["suspended_at"] is None
    two.type("person", "role", "sara@example.com", "admin", code=64)
    two.type("person", "suspend", "nobody@example.com", code=1)
    told = [entry["action"] for entry in two.json("audit", "list", "--action", "person.update")]
    assert told == ["person.update"] * 4
