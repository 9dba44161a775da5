"""`sijill keys`: a rotation goes on after any death, and the older keys leave last."""

import os
import signal
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from cli.operating import Operator
from cli.test_doctor import findings
from fixtures.tables import rows

from sijill.cli import keys
from sijill.database.key_file import KeyFile
from sijill.register import Register
from sijill.webhooks.event_rows import opened_event

pytestmark = pytest.mark.proves(
    "a rotation of the key that is killed at any step leaves everything readable, and goes on"
)

SCOPE, URL = "customers.read", "https://hears.example.com/hooks"
ONE, TWO = (b64encode(bytes([number]) * 32).decode() for number in (1, 2))

DIES_AT = """
import os, signal, sys
from sijill.cli import keys
from sijill.cli import main
from sijill.database.resealing import SealedTable

keys.SETTLE = 0.0
left = 0


def point():
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1


def plain(call):
    def dying(*given):
        point()
        result = call(*given)
        point()
        return result
    return dying


def step(call):
    async def dying(*given):
        point()
        result = await call(*given)
        point()
        return result
    return dying


os.fsync, os.replace = plain(os.fsync), plain(os.replace)
SealedTable._step = step(SealedTable._step)
for line in sys.stdin:
    if not (child := os.fork()):
        left = int(line)
        main()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=sys.stderr, flush=True)
"""
"""Runs the command again for each line, and is killed at a point: before or after a step."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return which database the commands use."""
    if request.param == "postgres":
        monkeypatch.setenv("SIJILL_DATABASE_URL", request.getfixturevalue("postgres_url"))
    monkeypatch.setattr(keys, "SETTLE", 0.0)
    return str(request.param)


@pytest.fixture
def secretive(where: str, operator: Operator) -> Operator:
    """An operator with a sealed value of every kind."""
    operator.type("store", "create", "shop")
    operator.type("app", "create", "hears", "--scope", SCOPE, "--webhook-url", URL)
    operator.type("app", "install", "hears", "--store", "shop")
    return operator


def listed(operator: Operator) -> list[tuple[object, object]]:
    return [(row["state"], row["sealed"]) for row in operator.json("keys", "list")]


def secrets_of(operator: Operator) -> tuple[object, ...]:
    """Return everything that is sealed, opened; raises Unsealable."""

    async def opened(register: Register) -> tuple[object, ...]:
        hooks, apps = await register.webhooks.all(), await register.apps.all()
        keys = await register.driver.all("stale_events", 0, b"none", 100)
        found = [await register.driver.one("lock_sealed_events", *key) for key in keys]
        events = [opened_event(register.sealed.sealer, row) for row in found if row]
        assert apps[0].webhook_secret == hooks[0].secret
        assert events
        return apps[0].webhook_secret, *(event.body for event in events)

    return operator.ask(opened)


def test_a_rotation_seals_everything_anew_and_the_old_key_leaves_on_demand(
    secretive: Operator,
) -> None:
    before, ((state, count),) = secrets_of(secretive), listed(secretive)
    assert (state, findings(secretive)["sealed"][0]) == ("seals", "pass")
    said = secretive.type("keys", "rotate").stdout
    assert "seals from now on" in said
    assert listed(secretive) == [("opens", 0), ("seals", count)]
    assert findings(secretive)["sealed"][0] == "warn"
    old, new = secretive.json("keys", "list")
    said = secretive.type("keys", "rotate", "--retire").stdout
    assert f"key {old['key']} is taken out" in said
    assert secretive.json("keys", "list") == [new]
    assert findings(secretive)["sealed"][0] == "pass"
    assert secrets_of(secretive) == before
    secretive.type("keys", "rotate", "--retire")
    assert [row["key"] for row in secretive.json("keys", "list")] != [new["key"]]
    assert secrets_of(secretive) == before


def test_a_rotation_killed_at_any_step_leaves_everything_readable_and_goes_on(
    secretive: Operator,
) -> None:
    before, ((_, count),) = secrets_of(secretive), listed(secretive)
    environ = os.environ | {"SIJILL_DATA_DIR": str(secretive.folder / "data")}
    command = [sys.executable, "-c", DIES_AT, "keys", "rotate", "--retire"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environ, stdin=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        for point in range(100):
            process.stdin.write(f"{point}\n")
            process.stdin.flush()
            code = process.stderr.readline().strip()
            assert secrets_of(secretive) == before, f"killed at point {point}"
            if code == "0":
                break
            assert code == str(-signal.SIGKILL)
            secretive.type("keys", "rotate", "--retire")
            assert listed(secretive) == [("seals", count)]
        process.stdin.close()
    assert point >= 18, "a point before and after each step"
    assert listed(secretive) == [("seals", count)]
    assert secrets_of(secretive) == before


def test_a_rotation_of_nothing_sealed_makes_a_key(operator: Operator) -> None:
    operator.type("migrate")
    operator.type("keys", "rotate")
    assert listed(operator)[-1] == ("seals", 0)
    assert findings(operator)["sealed"][0] == "warn"


def test_the_older_keys_wait_for_what_servers_are_storing(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("asyncio.sleep", sleep)
    monkeypatch.setattr("time.time", lambda: 1_000_020.0)
    operator.type("migrate")
    operator.type("keys", "rotate")
    path = operator.folder / "data" / "secret.key"
    for changed, wanted in ((1_000_000, [40.0]), (999_000, [])):
        operator.type("keys", "rotate")
        os.utime(path, (changed, changed))
        operator.type("keys", "rotate", "--retire")
        assert (waited, len(KeyFile(path).all())) == (wanted, 1)
        waited.clear()


def test_an_older_key_stays_while_something_under_it_does_not_open(
    secretive: Operator,
) -> None:
    async def spoil(register: Register) -> None:
        spoilt = "UPDATE apps SET webhook_secret = substr(webhook_secret, 1, 40)"
        await register.driver.write(lambda transaction: transaction.script(spoilt))

    secretive.ask(spoil)
    refused = secretive.type("keys", "rotate", "--retire", code=1)
    assert "1 value(s) under an older key do not open" in refused.stderr
    assert listed(secretive)[0] == ("opens", 1)


def test_two_rotations_at_once_are_one(operator: Operator) -> None:
    operator.type("migrate")
    operator.type("keys", "rotate")
    path = operator.folder / "data" / "secret.key"
    with KeyFile(path).alone():
        refused = operator.type("keys", "rotate", code=1)
    assert "another rotation is under way" in refused.stderr
    operator.type("keys", "rotate")


def test_the_command_seals_anew_under_the_last_key_of_the_setting(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIJILL_SECRET_KEY", ONE)
    operator.type("app", "create", "hears", "--webhook-url", URL)
    refused = operator.type("keys", "rotate", code=64)
    assert "secret_key is a setting" in refused.stderr
    monkeypatch.setenv("SIJILL_SECRET_KEY", f"{ONE}\n{TWO}")
    assert listed(operator) == [("opens", 1), ("seals", 0)]
    said = operator.type("keys", "rotate").stdout
    assert "every key but the last can be removed from the setting" in said
    monkeypatch.setenv("SIJILL_SECRET_KEY", TWO)
    assert listed(operator) == [("seals", 1)]
    assert not (operator.folder / "data" / "secret.key").exists()


@rows(
    ("text", "sentence"),
    [
        ("hunter2", "write 32 bytes in base64"),
        (f"{ONE} hunter2", "write 32 bytes in base64"),
        (ONE[:-4], "write 32 bytes in base64"),
    ],
)
def test_faulty_keys_of_the_settings_are_refused(text: str, sentence: str) -> None:
    from sijill.settings import SettingsFaulty, load

    with pytest.raises(SettingsFaulty, match=sentence) as refused:
        load({}, {"SIJILL_SECRET_KEY": text}, Path("/nonexistent"))
    assert text not in str(refused.value)


def test_a_faulty_key_file_is_told_by_every_command(operator: Operator) -> None:
    operator.type("app", "create", "hears", "--webhook-url", URL)
    path = operator.folder / "data" / "secret.key"
    path.write_text("hunter2\n")
    for words in (["keys", "list"], ["keys", "rotate"]):
        refused = operator.type(*words, code=64)
        assert "secret.key" in refused.stderr
        assert "hunter2" not in refused.stderr
    assert findings(operator, code=1)["sealed"][0] == "fail"


def test_list_and_doctor_name_a_missing_key(operator: Operator) -> None:
    operator.type("app", "create", "hears", "--webhook-url", URL)
    (lost,) = operator.json("keys", "list")
    (operator.folder / "data" / "secret.key").unlink()
    assert operator.json("keys", "list") == [lost | {"state": "missing"}]
    status, sentence = findings(operator, code=1)["sealed"]
    assert (status, sentence) == ("fail", f"1 value(s) need {lost['key']}")
