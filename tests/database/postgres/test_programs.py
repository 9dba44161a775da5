"""PostgreSQL's own programs: found, compared with the server, and told no secret by an argument."""

from pathlib import Path

import pytest
from fixtures.postgres import PostgresServer

from sijill.database.postgres.programs import (
    Program,
    ProgramFailed,
    dump,
    find,
    insist_on,
    without_password,
)


def program(folder: Path, text: str) -> Path:
    path = folder / "pg_dump"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("url", "bare", "password"),
    [
        ("postgresql://a:b@h/d", "postgresql://a@h/d", "b"),
        ("postgresql://a:b%40c@h:1,i:2/d?x=y", "postgresql://a@h:1,i:2/d?x=y", "b@c"),
        (
            "postgresql://a@h/d?password=p&sslmode=require",
            "postgresql://a@h/d?sslmode=require",
            "p",
        ),
        ("postgresql://h/d", "postgresql://h/d", None),
        ("postgres://a:@h/d", "postgres://a@h/d", ""),
        ("postgresql:///d?host=/run", "postgresql:///d?host=%2Frun", None),
    ],
)
def test_an_address_is_told_without_its_password(url: str, bare: str, password: str | None) -> None:
    assert without_password(url) == (bare, password)


def test_the_password_goes_by_the_environment_alone(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program(tmp_path, f'echo "$PGPASSWORD $*" > {told}; echo "pg_dump (PostgreSQL) 18.4"')
    dump(find("pg_dump", tmp_path), "postgresql://a:zqsecret@h/d", tmp_path / "copy")
    password, *arguments = told.read_text().split()
    assert password == "zqsecret"
    assert "zqsecret" not in " ".join(arguments)
    assert "--no-password" in arguments


def test_a_program_that_is_missing_or_does_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="install PostgreSQL's client programs"):
        find("pg_dump", tmp_path)
    program(tmp_path, "exit 1")
    with pytest.raises(ProgramFailed, match="pg-bin"):
        find("pg_dump", tmp_path)


def test_a_program_that_is_older_than_the_server_is_refused(tmp_path: Path) -> None:
    program(tmp_path, 'echo "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"')
    found = find("pg_dump", tmp_path)
    assert found.major == 15
    insist_on(found, 15)
    with pytest.raises(ProgramFailed, match="older than the server's 18"):
        insist_on(found, 18)
    assert Program(tmp_path, "?").major == 0


@pytest.mark.postgres
def test_the_words_of_a_program_that_fails_are_told(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    found = find("pg_dump", postgres_server.binaries)
    with pytest.raises(ProgramFailed, match='database "absent" does not exist'):
        dump(found, postgres_server.url("absent"), tmp_path / "copy")
