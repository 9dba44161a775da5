"""The command as people run it: started, asked, killed, started again, stopped."""

import concurrent.futures
import contextlib
import json
import os
import shlex
import signal
import socket
import ssl
import subprocess
from pathlib import Path

import apsw
import httpx
import pytest

from e2e.conftest import PATIENCE, Shell, until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "an acknowledged write survives a kill; a revoked token stops in every process; "
        "requests in flight finish at a stop"
    ),
]

AHMED = 2075683582
LINE = r"curl -H 'Authorization: Bearer (\S+)' (http://127\.0\.0\.1:\d+)/admin/v2/customers/\d+"


def get(url: str, token: str | None = None) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return httpx.get(url, headers=headers, timeout=PATIENCE, verify=False)


def refused(base: str) -> bool:
    host, port = base.removeprefix("http://").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


def set_up(shell: Shell, where: str) -> str:
    """Make a store with one customer, and return a token."""
    shell.run(f"store create shop --plan special {where}")
    shell.run(f"app create reader {where}")
    rows = '{"id": 77, "first_name": "Sara", "email": "sara@example.com"}\n'
    shell.run(f"import - --format jsonl {where}", stdin=rows.encode())
    return shell.run(
        f"token create --store shop --app reader --scope customers.read {where}"
    ).strip()


def test_the_wheel_is_what_runs(shell: Shell, installed: Path) -> None:
    command = [*shell.command("")[:1], "-c", "import sijill; print(sijill.__file__)"]
    printed = subprocess.run(
        command, env=shell.environ, capture_output=True, check=True, text=True
    ).stdout
    assert printed.strip() == str(installed / "sijill" / "__init__.py")


def test_the_demos_ready_line_answers_with_the_seeds_customer(shell: Shell) -> None:
    demo = shell.start("sandbox --port 0")
    line = demo.line(rf"(?m)^{LINE}$")
    if subprocess.run(["which", "curl"], capture_output=True).returncode == 0:
        done = subprocess.run(shlex.split(line[0]), capture_output=True, check=True)
        document = json.loads(done.stdout)
    else:
        document = get(f"{line[2]}/admin/v2/customers/{AHMED}", line[1]).json()
    assert document["status"] == 200
    assert document["data"]["first_name"] == "Ahmed"
    assert document["data"]["groups"] == [11323141, 11323142]
    assert demo.end() == 0
    assert demo.err.read_text() == ""


def test_the_demo_takes_a_chosen_token_customers_and_limits(shell: Shell) -> None:
    demo = shell.start(
        "sandbox --port 0",
        SIJILL_DEMO_TOKEN="it's-mine-0123456789",
        SIJILL_DEMO_CUSTOMERS="40",
        SIJILL_DEMO_PROFILE="observed",
        SIJILL_CUSTOMERS_LIMIT="3/10m",
    )
    base = demo.line(r"http://127\.0\.0\.1:\d+")[0]
    line = demo.line(r"(?m)^curl .*$")[0]
    assert shlex.split(line)[2] == "Authorization: Bearer it's-mine-0123456789"
    token = "it's-mine-0123456789"
    page = get(f"{base}/customers", token).json()
    assert page["pagination"]["total"] == 41
    assert get(f"{base}/customers/{AHMED}", token).json()["data"]["mobile_code"] == "+967"
    assert get(f"{base}/customers", token).headers["x-ratelimit-remaining"] == "0"
    assert get(f"{base}/customers", token).status_code == 429


def test_a_second_demo_has_a_folder_of_its_own_and_keep_goes_on(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    first = shell.start(f"sandbox --port 0 {where}", SIJILL_DEMO_CUSTOMERS="3")
    one = first.line(LINE)
    second = shell.start(f"sandbox --port 0 {where}")
    two = second.line(LINE)
    assert get(f"{one[2]}/customers", one[1]).json()["pagination"]["total"] == 4
    assert get(f"{two[2]}/customers", two[1]).json()["pagination"]["total"] == 1
    assert get(f"{two[2]}/customers", one[1]).status_code == 401
    first.end(signal.SIGKILL)
    second.end()
    third = shell.start(f"sandbox --port 0 --keep {where}")
    three = third.line(LINE)
    assert get(f"{three[2]}/customers", three[1]).json()["pagination"]["total"] == 4
    assert three[1] == one[1]
    third.end()


def test_a_written_customer_is_there_after_a_kill(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    token = shell.copy_of(set_up)
    server = shell.start(f"serve --port 0 --port-file port {where}")
    base = server.line(r"http://\S+")[0]
    assert (server.out.parent / "port").read_text().strip() == base.rsplit(":", 1)[1]
    before = get(f"{base}/admin/v2/customers/77", token)
    assert before.json()["data"]["first_name"] == "Sara"
    assert server.end(signal.SIGKILL) == -signal.SIGKILL
    again = shell.start(f"serve --port 0 {where}")
    base = again.line(r"http://\S+")[0]
    after = get(f"{base}/admin/v2/customers/77", token)
    assert after.content == before.content
    assert again.end() == 0
    assert oct((shell.folder / "data").stat().st_mode)[-3:] == "700"
    assert oct((shell.folder / "data" / "sijill.db").stat().st_mode)[-3:] == "600"


def test_a_revoked_token_stops_in_every_process(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    token = shell.copy_of(set_up)
    limit = "--failed-tokens-limit 9999/1m"  # each look is a failed token, and a 429 is no proof
    server = shell.start(f"serve --port 0 --workers 2 {limit} {where}")
    base = server.line(r"http://\S+")[0]
    assert {get(f"{base}/customers/77", token).status_code for _ in range(8)} == {200}
    (row,) = json.loads(shell.run(f"token list --json {where}"))
    assert row["ends_in"] == token[-4:]
    assert token not in json.dumps(row)
    shell.run(f"token revoke {row['id']} {where}")
    until(lambda: get(f"{base}/customers/77", token).status_code == 401, "a refusal")
    # The process that refused is one of two; the other may remember it for half a second more.
    until(
        lambda: {get(f"{base}/customers/77", token).status_code for _ in range(16)} == {401},
        "refusals by both",
    )


def test_workers_admit_exactly_the_limit_and_add_up_their_metrics_and_their_logs(
    shell: Shell,
) -> None:
    where = f"--data-dir {shell.folder}/data"
    token = shell.copy_of(set_up)
    server = shell.start(f"serve --port 0 --workers 2 --customers-limit 500/10m {where}")
    base = server.line(r"http://\S+")[0]

    def ask(_: int) -> list[tuple[int, str]]:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(headers=headers, timeout=PATIENCE, verify=False) as http:
            answers = [http.get(f"{base}/customers/77") for _ in range(50)]
        return [(one.status_code, one.headers["x-ratelimit-remaining"]) for one in answers]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = [answer for batch in pool.map(ask, range(16)) for answer in batch]
    passed = sorted(int(remaining) for status, remaining in answers if status == 200)
    assert passed == list(range(500))
    assert [status for status, _ in answers].count(429) == 300
    route = 'http_requests_total{method="GET",route="/customers/{customer}"'
    totals = {
        line.split('status="')[1][:3]: float(line.rsplit(" ", 1)[1])
        for line in get(f"{base}/metrics").text.splitlines()
        if line.startswith(route)
    }
    assert totals == {"200": 500.0, "429": 300.0}
    assert server.end() == 0
    log = server.err.read_text().splitlines()  # Python may warn of files that were left open
    lines = [json.loads(line) for line in log if '"/customers/{customer}"' in line]
    assert len({line["request_id"] for line in lines}) == 800


def test_a_start_says_how_many_workers_are_ready_while_it_waits_for_the_last(shell: Shell) -> None:
    server = shell.start(f"serve --port 0 --workers 2 --data-dir {shell.folder}/data")

    def told() -> list[tuple[str, int | None]]:
        return [(line["event"], line.get("ready")) for line in server.log()]

    starting, first, second = ("workers_starting", None), ("worker_ready", 1), ("worker_ready", 2)
    until(lambda: len(workers_of(server.popen.pid)) == 2, "two workers")
    late = max(workers_of(server.popen.pid))
    os.kill(late, signal.SIGSTOP)
    until(lambda: told() == [starting, first], "one worker ready")
    assert server.out.read_text() == ""
    os.kill(late, signal.SIGCONT)
    server.line(r"http://\S+")
    assert told()[:3] == [starting, first, second]


def test_a_dead_worker_is_replaced_and_workers_die_with_their_parent(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    token = shell.copy_of(set_up)
    server = shell.start(f"serve --port 0 --workers 2 {where}")
    base = server.line(r"http://\S+")[0]
    workers = children(server.popen.pid)
    assert len(workers) >= 2
    victim = max(workers)
    os.kill(victim, signal.SIGKILL)
    until(lambda: "worker_restarted" in server.err.read_text(), "a line that says so")
    until(lambda: victim not in children(server.popen.pid), "the dead one reaped")
    until(lambda: len(children(server.popen.pid)) == len(workers), "a new worker")
    until(lambda: get(f"{base}/customers/77", token).status_code == 200, "an answer")
    server.end(signal.SIGKILL)
    until(lambda: refused(base), "workers gone with their parent")


def test_a_replacement_that_never_comes_up_is_tried_again_and_stops_nobody(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    token = shell.copy_of(set_up)
    server = shell.start(f"serve --port 0 --workers 2 {where}")
    base = server.line(r"http://\S+")[0]
    before = children(server.popen.pid)
    database = shell.folder / "data" / "sijill.db"
    database.rename(shell.folder / "aside")  # who has it open says so; nobody makes an empty one
    os.kill(max(before), signal.SIGKILL)
    until(lambda: server.err.read_text().count("worker_restarted") > 1, "two tries")
    assert {get(f"{base}{path}", token).status_code for path in ("/customers/77", "/readyz")} == {
        503
    }
    assert get(f"{base}/healthz").status_code == 200
    assert not database.exists()
    (shell.folder / "aside").rename(database)
    until(lambda: len(children(server.popen.pid)) == len(before), "as many as before")
    until(lambda: get(f"{base}/readyz").status_code == 200, "a ready server")
    assert get(f"{base}/customers/77", token).status_code == 200
    assert server.end() == 0


def test_a_start_on_a_damaged_file_says_so_and_is_not_ready(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    shell.copy_of(set_up)
    database = shell.folder / "data" / "sijill.db"
    with contextlib.closing(apsw.Connection(str(database))) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name='customers'").get
    with database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    server = shell.start(f"serve --port 0 {where}")
    base = server.line(r"http://\S+")[0]
    until(lambda: "database_unsound" in server.err.read_text(), "a line that says so")
    assert "damaged: stop the server and put a copy of the file back" in server.err.read_text()
    assert get(f"{base}/readyz").status_code == 503
    assert server.end() == 0
    assert "damaged" in shell.run(f"doctor {where}", code=1)
    database.write_bytes(b"this is no database" * 1000)
    shell.run(f"serve --port 0 {where}", code=1)
    assert "its beginning is damaged: put a copy of it back" in shell.errors


def children(pid: int) -> set[int]:
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    if not listing.exists():
        pytest.skip("this system does not list the children of a process")
    return {int(child) for child in listing.read_text().split()}


def workers_of(pid: int) -> set[int]:
    """Return the children that are workers: beside them runs a process that tidies up."""
    commands = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children(pid)}
    return {child for child, command in commands.items() if b"spawn_main" in command}


@pytest.mark.postgres
def test_requests_in_flight_finish_when_the_server_is_stopped(
    shell: Shell, postgres_url: str
) -> None:
    import asyncio

    import asyncpg

    where = f"--database-url {postgres_url}"
    token = set_up(shell, where)
    server = shell.start(f"serve --port 0 {where}")
    base = server.line(r"http://\S+")[0]
    assert get(f"{base}/customers/77", token).status_code == 200

    async def story() -> list[int]:
        lock = await asyncpg.connect(postgres_url)
        async with httpx.AsyncClient(timeout=PATIENCE, verify=False) as http:
            held = lock.transaction()
            await held.start()
            await lock.execute("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE")
            headers = {"Authorization": f"Bearer {token}"}
            blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            waiting = []
            for number in range(1, 6):  # one after another: those of one turn are one statement
                request = http.get(f"{base}/customers/77", headers=headers)
                waiting.append(asyncio.create_task(request))
                while await lock.fetchval(blocked) < number:
                    await asyncio.sleep(0.01)
            server.popen.send_signal(signal.SIGTERM)
            while not await asyncio.to_thread(refused, base):
                await asyncio.sleep(0.01)
            assert server.popen.poll() is None
            await held.rollback()
            answers = await asyncio.gather(*waiting)
        await lock.close()
        return [answer.status_code for answer in answers]

    assert asyncio.run(asyncio.wait_for(story(), PATIENCE)) == [200] * 5
    assert server.popen.wait(PATIENCE) == 0


def test_a_stopping_server_with_workers_takes_in_nothing_new(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    shell.copy_of(set_up)
    server = shell.start(f"serve --port 0 --workers 2 {where}")
    base = server.line(r"http://\S+")[0]
    host, port = base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as slow:
        # Its answers are asked for and not read: the worker has to wait for this connection.
        slow.sendall(b"GET /_/openapi.json HTTP/1.1\r\nHost: h\r\n\r\n" * 200)
        until(lambda: not refused(base), "a server")
        server.popen.send_signal(signal.SIGTERM)
        until(lambda: refused(base), "a refusal, while the slow client is still there")
        assert server.popen.poll() is None


LOGIN = "/_/login"


@pytest.mark.parametrize(
    ("options", "headers", "secure"),
    [
        ("", {}, False),
        ("", {"Host": "localhost:1"}, False),
        ("", {"Host": "register.example"}, True),
        ("", {"X-Forwarded-Proto": "https"}, True),
        ("--trusted-proxies 127.0.0.1", {"X-Forwarded-Proto": "https"}, True),
        ("--public-url https://register.example", {}, True),
        ("--public-url http://127.0.0.1:8466", {}, False),
        ("--tls", {}, True),
    ],
)
def test_cookies_are_secure_but_on_plain_loopback(
    shell: Shell, options: str, headers: dict[str, str], secure: bool
) -> None:
    server = shell.start(f"sandbox --port 0 --data-dir {shell.folder}/data {options}")
    base = server.line(r"https?://127\.0\.0\.1:\d+")[0]
    trust = shell.folder / "data" / "tls" / "ca.pem"
    context = ssl.create_default_context(cafile=str(trust) if "--tls" in options else None)
    answer = httpx.get(f"{base}{LOGIN}", headers=headers, verify=context, timeout=PATIENCE)
    (line,) = answer.headers.get_list("set-cookie")
    name, *marks = line.split("; ")
    assert (name.startswith("__Host-sijill-visitor="), "Secure" in marks) == (secure, secure)
    server.end()
