"""
The table of settings.

The class is the table: each attribute has its default as a text, a parser, and a sentence.
The file is long because the table is: nothing stands in it but rows.
"""

from datetime import timedelta
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_type_hints

from msgspec import Struct

from sijill.limits.policy import Key, Quota
from sijill.settings.parsers import (
    HOST,
    PATH,
    Parser,
    address,
    chosen_token,
    dns_names,
    host_names,
    lifetime,
    networks,
    one_of,
    quota,
    sealing_keys,
    seconds,
    switch,
    text,
    whole,
)
from sijill.settings.server_urls import server_url

NAMES = one_of()
"""Stands for the parser of the names in the type of the setting."""


class Setting(NamedTuple):
    """One row of the table: the default as text, the parser, and the purpose in a sentence."""

    default: str
    parse: Parser[Any]
    sentence: str
    secret: bool = False
    """Whether it may hold a password: masked when printed; NAME_FILE may name a file with it."""


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting by its name; `SIJILL_` and the name in capitals is its variable."""

    host: Annotated[str, Setting("127.0.0.1", HOST, "Address to listen on.")]
    port: Annotated[int, Setting("8466", whole(0, 65535), "Port to listen on; 0 takes a free one.")]
    port_file: Annotated[str, Setting("", PATH, "File to write the chosen port to.")]
    workers: Annotated[int, Setting("1", whole(1, 256), "Processes that serve.")]
    public_url: Annotated[
        str,
        Setting(
            "", address, "Base of absolute URLs in answers; by default the address it listens on."
        ),
    ]
    trusted_proxies: Annotated[
        str, Setting("", networks, "Addresses and networks whose X-Forwarded-For is trusted.")
    ]
    tls: Annotated[bool, Setting("off", switch, "Whether to serve HTTPS instead of HTTP.")]
    tls_names: Annotated[
        tuple[str, ...],
        Setting(
            "accounts.salla.sa,api.salla.dev",
            dns_names,
            "Names that HTTPS is served under, separated by commas.",
        ),
    ]

    data_dir: Annotated[str, Setting(".sijill", PATH, "Folder of the embedded database.")]
    database_url: Annotated[
        str,
        Setting("", server_url, "postgresql://… or sqlite:///…; else sijill.db in data_dir.", True),
    ]
    database_connections: Annotated[
        int, Setting("10", whole(1, 1000), "Connections that each process keeps to PostgreSQL.")
    ]

    replica_url: Annotated[
        str,
        Setting(
            "",
            server_url,
            "postgresql://… of hot standbys, which answer reads that may be a little old.",
            True,
        ),
    ]
    replica_max_age: Annotated[
        float,
        Setting(
            "30",
            seconds(1, 3600),
            "Seconds that an answer of it may be old; beyond them the primary answers.",
        ),
    ]

    customers_limit: Annotated[
        Quota | None,
        Setting("500/10m", quota, "Requests under /customers, for example 500/10m."),
    ]
    customers_limit_key: Annotated[
        Key,
        Setting(
            "token", NAMES, "Whether customers_limit counts by token, store or client address (ip)."
        ),
    ]
    plan_limit: Annotated[bool, Setting("on", switch, "Whether the plans of stores limit them.")]
    others_limit: Annotated[
        Quota | None,
        Setting("600/m", quota, "Requests outside /customers, per app of a store without a plan."),
    ]
    failed_tokens_limit: Annotated[
        Quota | None, Setting("60/m", quota, "Unknown tokens per client address.")
    ]
    counters: Annotated[
        Literal["auto", "memory", "sqlite", "redis"],
        Setting(
            "auto",
            NAMES,
            "Where limits are counted. auto: redis with redis_url, sqlite with several workers.",
        ),
    ]
    redis_url: Annotated[
        str, Setting("", server_url, "redis://… of Redis or Valkey, for several machines.", True)
    ]
    on_counter_error: Annotated[
        Literal["local", "open", "closed"],
        Setting(
            "local",
            NAMES,
            "While the shared counter is away: count in each process, let all pass, or refuse all.",
        ),
    ]
    nodes: Annotated[
        int,
        Setting("1", whole(1, 10_000), "Machines that share the counter; divides the fallback."),
    ]

    code_lifetime: Annotated[
        timedelta, Setting("60s", lifetime, "How long an authorization code is valid.")
    ]
    access_lifetime: Annotated[
        timedelta, Setting("14d", lifetime, "How long an access token of OAuth is valid.")
    ]
    refresh_lifetime: Annotated[
        timedelta, Setting("30d", lifetime, "How long a refresh token is valid.")
    ]
    oauth_state: Annotated[
        Literal["verbatim", "observed"],
        Setting(
            "verbatim",
            NAMES,
            "How state comes back. observed: without its hyphens, as seen at Salla.",
        ),
    ]
    session_idle: Annotated[
        timedelta, Setting("30m", lifetime, "How long a signed-in person may be idle.")
    ]
    session_lifetime: Annotated[
        timedelta, Setting("12h", lifetime, "How long a person stays signed in at most.")
    ]
    login_limit: Annotated[
        Quota | None,
        Setting(
            "10/15m",
            quota,
            "Failed sign-ins per client address or device, and ten times as many per account.",
        ),
    ]

    webhooks: Annotated[
        Literal["send", "capture", "off"],
        Setting(
            "send",
            NAMES,
            "send: deliver webhooks. capture: store them unsent. off: sijill deliver sends them.",
        ),
    ]
    webhook_schedule: Annotated[
        Literal["durable", "compat"],
        Setting(
            "durable",
            NAMES,
            "durable: ten attempts over three days. compat: four attempts, five minutes apart.",
        ),
    ]
    webhook_targets: Annotated[
        Literal["public", "local"],
        Setting(
            "public",
            NAMES,
            "public: https to public addresses only. local: http and private addresses too.",
        ),
    ]
    webhook_body: Annotated[
        Literal["plain", "escaped"],
        Setting(
            "plain",
            NAMES,
            "plain: JSON as JavaScript writes it. escaped: as PHP does, with \\/ and \\uXXXX.",
        ),
    ]
    webhook_headers: Annotated[
        Literal["both", "salla"],
        Setting(
            "both",
            NAMES,
            "both: Salla's headers and those of Standard Webhooks. salla: Salla's alone.",
        ),
    ]
    event_retention: Annotated[
        timedelta, Setting("7d", lifetime, "How long events and dead deliveries are kept.")
    ]
    webhook_waiting: Annotated[
        int,
        Setting(
            "100000",
            whole(1, 10**8),
            "Deliveries of an app in a store that may wait; more are not made, but the feed"
            " has all.",
        ),
    ]
    erased_notice: Annotated[
        bool,
        Setting(
            "off",
            switch,
            "Whether an erasure is sent to every webhook of the store: customer.erased.",
        ),
    ]
    audit: Annotated[
        Literal["all", "changes", "off"],
        Setting(
            "all",
            one_of("all", "changes", "off"),
            "What the audit log records of personal data: views and changes, changes, or nothing.",
        ),
    ]
    audit_retention: Annotated[
        timedelta, Setting("1826d", lifetime, "How long entries of the audit log stay: 5 years.")
    ]
    upstream_url: Annotated[
        str,
        Setting(
            "https://api.salla.dev/admin/v2",
            address,
            "Base of the API that a newly linked store is a copy of.",
        ),
    ]
    upstream_accounts: Annotated[
        str,
        Setting("https://accounts.salla.sa", address, "Base of its OAuth: tokens, user info."),
    ]
    upstream_targets: Annotated[
        Literal["public", "local"],
        Setting(
            "public",
            NAMES,
            "public: https to public addresses only. local: http and private addresses too.",
        ),
    ]
    write_through: Annotated[
        bool,
        Setting(
            "off",
            switch,
            "Whether writes to a linked store are passed on upstream; else they are a 405.",
        ),
    ]
    secret_key: Annotated[
        str,
        Setting(
            "",
            sealing_keys,
            "Seals secrets: 32 bytes in base64, the newest key last; else a file in data_dir.",
            True,
        ),
    ]

    max_url: Annotated[int, Setting("8192", whole(256, 65_536), "Bytes of a request target.")]
    max_headers: Annotated[int, Setting("16384", whole(1024, 65_536), "Bytes of all headers.")]
    max_body: Annotated[int, Setting("65536", whole(0, 2**30), "Bytes of a request body.")]
    max_upload: Annotated[
        int, Setting("10485760", whole(0, 2**30), "Bytes of an uploaded file, with its form.")
    ]
    receive_timeout: Annotated[
        float, Setting("10", seconds(0.1, 3600), "Seconds for a request to arrive completely.")
    ]
    keep_alive: Annotated[
        float, Setting("75", seconds(0, 3600), "Seconds that an idle connection stays open.")
    ]
    max_in_flight: Annotated[
        int, Setting("1000", whole(1, 100_000), "Requests in flight per process; more get 503.")
    ]
    max_connections: Annotated[
        int, Setting("4096", whole(1, 1_000_000), "Connections per process; more get 503.")
    ]
    max_connections_per_client: Annotated[
        int, Setting("512", whole(1, 1_000_000), "Connections of one address; more get 503.")
    ]
    max_bytes: Annotated[
        int,
        Setting(
            "268435456",
            whole(2**16, 2**40),
            "Bytes of bodies per process; more get 503. An eighth of it for unread answers.",
        ),
    ]
    max_bytes_per_client: Annotated[
        int, Setting("67108864", whole(2**16, 2**40), "The same of one address; more get 503.")
    ]
    shutdown_timeout: Annotated[
        float, Setting("30", seconds(0, 3600), "Seconds that requests in flight get at shutdown.")
    ]

    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Setting("info", NAMES, "Lowest level that is logged."),
    ]
    log_format: Annotated[Literal["json", "text"], Setting("json", NAMES, "Format of log lines.")]
    access_log: Annotated[bool, Setting("on", switch, "Whether each request is a log line.")]

    demo_token: Annotated[
        str, Setting("", chosen_token, "Fixes the demo's token: 16 or more visible ASCII.", True)
    ]
    demo_client_secret: Annotated[
        str,
        Setting("", chosen_token, "Fixes its client secret: 16 or more visible ASCII.", True),
    ]
    demo_password: Annotated[
        str, Setting("", text, "Fixes the password of its owner: 12 to 256 characters.", True)
    ]
    admin_token: Annotated[
        str,
        Setting(
            "", chosen_token, "Fixes the sandbox's admin token: 16 or more visible ASCII.", True
        ),
    ]
    allowed_hosts: Annotated[
        tuple[str, ...],
        Setting(
            "",
            host_names,
            "More names by which the sandbox may be controlled, separated by commas.",
        ),
    ]
    max_namespaces: Annotated[
        int, Setting("10000", whole(1, 1_000_000), "Namespaces of the sandbox; more are refused.")
    ]
    demo_customers: Annotated[
        int, Setting("0", whole(0, 10_000_000), "Seeded customers the demo adds.")
    ]
    demo_profile: Annotated[
        Literal["documented", "observed"],
        Setting(
            "documented", NAMES, "Profile of the demo store: Salla as documented, or as observed."
        ),
    ]


def _row(hint: Any) -> Setting:
    """Return the row in an annotation."""
    setting: Setting = next(part for part in hint.__metadata__ if isinstance(part, Setting))
    if setting.parse is NAMES:
        return setting._replace(parse=one_of(*get_args(hint.__origin__)))
    return setting


SETTINGS: dict[str, Setting] = {
    name: _row(hint) for name, hint in get_type_hints(Settings, include_extras=True).items()
}
"""The table, by name, in the order above."""
