"""
The plugin of pytest: the fixtures `salla`, `salla_server` and `salla_seed`, and the marker `salla`.

pytest imports this file at every start, and finds it by the entry point `pytest11`. It imports
`sijill.testing` where a test asks for it: a run without these fixtures must not pay for them.
"""

import os
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from sijill.testing.control import ControlRefused
    from sijill.testing.salla import Salla
    from sijill.testing.server import Server
    from sijill.testing.sharing import Sharing

__all__ = ["Salla", "Server", "salla", "salla_seed", "salla_server"]

MARKER = (
    "salla(seed=, limits=, strict=, settings=): the namespace of this test: a seed document; "
    "limits, as in {'customers_limit': '3/10m'}; off, report or fail for what the app sends and "
    "nobody reads; other settings by name"
)
UNREAD = "salla: sent and never read"
"""The title of the section of what `strict="report"` finds."""

REUSED = 3600.0
"""Real seconds without a request after which a namespace leaves a sandbox that is not ours."""

UNUSABLE = (0, 401, 404)
"""The statuses of a sandbox that is gone, is another one, or is none; 0 stands for no answer."""

ELSEWHERE = "SIJILL_URL names it: without that variable the tests start a sandbox of their own"

_SALLA: "pytest.StashKey[Salla]" = pytest.StashKey()
_RAISED: "pytest.StashKey[bool]" = pytest.StashKey()
_UNREAD: "pytest.StashKey[str]" = pytest.StashKey()
_SHARING: "pytest.StashKey[Sharing]" = pytest.StashKey()


def __getattr__(name: str) -> Any:
    """Import a class for an annotation when somebody asks for it."""
    if name == "Salla":
        from sijill.testing.salla import Salla

        return Salla
    if name == "Server":
        from sijill.testing.server import Server

        return Server
    raise AttributeError(name)


class Wishes(NamedTuple):
    """The arguments of the markers of a test; the nearest marker wins."""

    seed: Mapping[str, Any] | None = None
    limits: Mapping[str, str] = {}
    settings: Mapping[str, str] = {}
    strict: str = "off"


def wishes_of(item: pytest.Item) -> Wishes:
    """Return what the markers of a test ask for. Raises: UsageError."""
    wanted: dict[str, Any] = {}
    for marker in item.iter_markers("salla"):
        wanted = dict(marker.kwargs) | wanted
        if marker.args:
            raise pytest.UsageError("the marker salla takes named arguments alone")
    unknown = wanted.keys() - set(Wishes._fields)
    if unknown:
        raise pytest.UsageError(f"the marker salla has no {sorted(unknown)[0]}")
    wishes = Wishes(**wanted)
    if wishes.strict not in ("off", "report", "fail"):
        raise pytest.UsageError("strict of the marker salla is off, report or fail")
    return wishes


def name_of(item: pytest.Item) -> str:
    """Return the name of a test's namespace: the same in each run, so its ids are too."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", item.name)[:60].strip("-")
    return f"{readable or 'test'}-{sha256(item.nodeid.encode()).hexdigest()[:8]}"


# Fixtures


@pytest.fixture(scope="session")
def salla_server(request: pytest.FixtureRequest) -> "Iterator[Server]":
    """
    The sandbox of this run; the first test that needs it starts it.

    `SIJILL_URL` and `SIJILL_ADMIN_TOKEN` name one that runs already. The workers of pytest-xdist
    share one.
    """
    from sijill.testing.server import NotStarted, Server, running

    invitation = getattr(request.config, "workerinput", {}).get("sijill_invitation")
    with ExitStack() as stack:
        try:
            if reused := os.environ.get("SIJILL_URL"):
                server = Server(reused.rstrip("/"), os.environ.get("SIJILL_ADMIN_TOKEN", ""))
            elif invitation:
                from sijill.testing.sharing import shared

                server = shared(invitation)
            else:
                server = stack.enter_context(running())
        except NotStarted as fault:
            raise pytest.fail.Exception(str(fault), pytrace=False) from None
        yield server


@pytest.fixture
def salla_seed() -> Mapping[str, Any] | None:
    """The seed document of each test's namespace: override this fixture to have one."""
    return None


@pytest.fixture
def salla(
    request: pytest.FixtureRequest,
    salla_server: "Server",
    salla_seed: Mapping[str, Any] | None,
) -> "Iterator[Salla]":
    """A namespace of the sandbox for this test alone; it is gone afterwards."""
    from sijill.testing.control import ControlRefused

    item, wishes = request.node, wishes_of(request.node)
    with ExitStack() as stack:
        try:
            made = stack.enter_context(_namespace(salla_server, item, wishes, salla_seed))
        except ControlRefused as refusal:
            raise pytest.fail.Exception(_reason(refusal), pytrace=False) from None
        item.stash[_SALLA], item.stash[_RAISED] = made, False
        yield made
        faults = [] if item.stash[_RAISED] else _faults(item, made, wishes.strict)
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def _reason(refusal: "ControlRefused") -> str:
    """Return why a test has no namespace; of a sandbox that is not ours, what to do without it."""
    ours = not os.environ.get("SIJILL_URL") or refusal.status not in UNUSABLE
    return str(refusal) if ours else f"{refusal} ({ELSEWHERE})"


def _namespace(
    server: "Server", item: pytest.Item, wishes: Wishes, seed: Mapping[str, Any] | None
) -> AbstractContextManager["Salla"]:
    """Return the namespace of a test; a sandbox that is not ours drops it if this run is killed."""
    return server.namespace(
        name_of(item),
        seed=seed if wishes.seed is None else wishes.seed,
        settings={**wishes.limits, **wishes.settings} or None,
        ttl=REUSED if os.environ.get("SIJILL_URL") else None,
    )


def _faults(item: pytest.Item, salla: "Salla", strict: str) -> list[str]:
    """Return what is wrong after a test that passed, and keep what is to be reported."""
    found = salla.faults.unspent() + salla.webhooks.faults.unspent()
    unread = "" if strict == "off" else salla.journal.unread()
    if unread and strict == "fail":
        found.append(f"the app sent what is never read:\n{unread}")
    elif unread:
        item.stash[_UNREAD] = unread
    return found


# Hooks


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", MARKER)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Invite a worker of pytest-xdist to the sandbox that this process starts for all."""
    if os.environ.get("SIJILL_URL"):
        return
    from sijill.testing.sharing import Sharing

    config: pytest.Config = node.config
    if _SHARING not in config.stash:
        config.stash[_SHARING] = Sharing()
        config.add_cleanup(config.stash[_SHARING].close)
    node.workerinput["sijill_invitation"] = config.stash[_SHARING].invitation


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the journal of a test that failed to its report."""
    report = yield
    salla = item.stash.get(_SALLA, None)
    if salla is None:
        return report
    item.stash[_RAISED] = item.stash[_RAISED] or call.excinfo is not None
    if report.failed and call.when != "teardown":
        report.sections += _sections(salla)
    if call.when == "teardown" and _UNREAD in item.stash:
        report.sections.append((UNREAD, f"{item.nodeid}\n{item.stash[_UNREAD]}"))
    return report


def _sections(salla: "Salla") -> list[tuple[str, str]]:
    """Return what a namespace got and sent, masked; the reason if that cannot be had."""
    found = {"requests": salla.journal.lines, "deliveries": salla.webhooks.lines}
    return [(f"salla: {title}", text) for title, lines in found.items() if (text := _told(lines))]


def _told(lines: Callable[[], str]) -> str:
    try:
        return lines()
    except Exception as fault:  # a report must not hide the failure that it is about
        return str(fault)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what `strict="report"` found."""
    reports = [report for every in terminalreporter.stats.values() for report in every]
    found = [
        text
        for report in reports
        for title, text in getattr(report, "sections", ())
        if title == UNREAD
    ]
    if found:
        terminalreporter.section(UNREAD)
        for text in found:
            terminalreporter.write_line(text)
