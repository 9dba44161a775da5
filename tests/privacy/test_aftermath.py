"""What a token left behind goes on by itself, and is told from what others did."""

from fixtures.tables import rows

from sijill.audit.model import Entry
from sijill.privacy.aftermath import Subscription, caused_by, reached_at_most, subscriptions

STORE, APP, TOKEN, HOOK = 1, 7, 9, 100


def by_token(at: int, action: str, *ids: int, token: int = TOKEN, **more: object) -> Entry:
    made: dict[str, object] = {"kind": "app", "actor": APP, "token": token, "store": STORE} | more
    return Entry(at=at, action=action, ids=ids, **made)  # type: ignore[arg-type]


def by_server(at: int, cause: str, *ids: int, **more: object) -> Entry:
    made: dict[str, object] = {"kind": "server", "by": cause, "store": STORE} | more
    return Entry(at=at, action="customer.update", ids=ids, **made)  # type: ignore[arg-type]


def of_file(at: int, file: str, *ids: int, actor: int = APP) -> Entry:
    made: dict[str, object] = {"kind": "app", "actor": actor, "through": "import", "by": file}
    return Entry(at=at, action="customer.create", ids=ids, store=STORE, **made)  # type: ignore[arg-type]


GROUP = by_token(10, "group.update", 5, fields=("conditions",))
FILE = by_token(10, "import.create", 3)


@rows(
    ("own", "later", "came"),
    [
        ([GROUP], [GROUP, by_server(11, "group 5", 1)], {1}),
        ([GROUP], [by_server(9, "group 5", 1), GROUP], set()),  # before the token changed it
        ([GROUP], [GROUP, by_server(11, "group 6", 1)], set()),
        ([GROUP], [GROUP, by_server(11, "group 5", 1, store=2)], set()),
        (
            [GROUP],
            [
                GROUP,
                by_token(12, "group.update", 5, token=8),  # its conditions are another token's now
                by_server(13, "group 5", 2),
                by_server(11, "group 5", 1),  # of another process, and read later
            ],
            {1},
        ),
        ([FILE], [FILE, of_file(20, "3", 1, 2)], {1, 2}),
        ([FILE], [FILE, of_file(20, "4", 1)], set()),
        ([FILE], [FILE, of_file(20, "3", 1, actor=8)], set()),
        ([], [by_server(11, "group 5", 1), of_file(20, "3", 1)], set()),
    ],
)
def test_files_and_groups_of_a_token_are_its_own(
    own: list[Entry], later: list[Entry], came: set[int]
) -> None:
    assert {id_ for one in caused_by(own, later) for id_ in one.ids} == came


MADE = by_token(10, "webhook.create", HOOK, fields=("event", "url"))
MOVED = by_token(10, "webhook.update", HOOK, fields=("url",))


@rows(
    ("own", "others", "until"),
    [
        ([MADE], [], None),
        ([MOVED], [], None),
        ([MADE], [by_token(20, "webhook.delete", HOOK, token=8)], 20),
        ([MADE, by_token(20, "webhook.delete", HOOK)], [], 20),
        ([MADE], [by_token(20, "webhook.delete", HOOK + 1, token=8)], None),
        ([MADE], [by_token(20, "webhook.update", HOOK, token=8, fields=("name",))], None),
        ([MADE], [by_token(20, "webhook.update", HOOK, token=8, fields=("url",))], 20),
        ([MADE, by_token(20, "webhook.update", HOOK, fields=("url",))], [], None),
        ([MOVED], [by_token(5, "webhook.update", HOOK, token=8, fields=("url",))], None),
        ([MADE], [by_token(30, "app.remove", APP), by_token(20, "app.remove", APP + 1)], 30),
        ([MADE], [by_token(30, "app.remove", APP, store=2)], None),
        ([MADE], [by_token(30, "app.delete", APP, store=0)], 30),
    ],
)
def test_a_webhook_ends_when_it_goes_or_gets_another_address(
    own: list[Entry], others: list[Entry], until: int | None
) -> None:
    later = [*own, *others]
    assert subscriptions(own, later) == [Subscription(HOOK, STORE, APP, 10, until)]


@rows(
    ("action", "fields"),
    [
        ("webhook.update", ("paused",)),
        ("webhook.update", ("secret",)),
        ("webhook.delete", ()),
        ("group.update", ("url",)),
    ],
)
def test_what_gives_no_address_is_no_webhook_of_a_token(
    action: str, fields: tuple[str, ...]
) -> None:
    own = [by_token(10, action, HOOK, fields=fields)]
    assert subscriptions(own, own) == []


def test_lost_deliveries_are_bounded_by_what_happened_meanwhile() -> None:
    webhook = Subscription(HOOK, STORE, APP, 10, 20)
    later = [
        by_token(9, "customer.update", 1),
        by_token(10, "customer.update", 2),
        by_token(11, "customer.create", 3, 2),
        by_token(12, "customer.view", 4),
        by_token(13, "customer.update", 5, store=2),
        by_token(20, "customer.update", 6),
    ]
    assert reached_at_most(webhook, later) == ({2, 3}, False)
    every = by_token(14, "customer.update", whole=True)
    assert reached_at_most(webhook, [*later, every]) == ({2, 3}, True)
