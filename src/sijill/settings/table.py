"""
The table of settings.

The class is the table: each attribute has its default as a text, a parser, and a sentence.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Literal, NamedTuple, get_type_hints

from msgspec import Struct

from sijill.limits.policy import Key, Quota, parse_quota
from sijill.settings.parsers import (
    address,
    chosen_token,
    dns_names,
    lifetime,
    networks,
    one_of,
    sealing_keys,
    seconds,
    switch,
    text,
    whole,
)


class Setting(NamedTuple):
    """One row of the table: the default as text, the parser, and the purpose in a sentence."""

    default: str
    parse: Callable[[str], Any]
    sentence: str
    secret: bool = False
    """Whether it may hold a password: masked when printed; NAME_FILE may name a file with it."""


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting by its name; `SIJILL_` and the name in capitals is its variable."""

    host: Annotated[str, Setting("127.0.0.1", text, "Address to listen on.")]
    port: Annotated[int, Setting("8466", whole(0, 65535), "Port to listen on; 0 takes a free one.")]
    port_file: Annotated[str, Setting("", text, "File that gets the chosen port.")]
    workers: Annotated[int, Setting("1", whole(1, 256), "Processes that serve.")]
    public_url: Annotated[
        str, Setting("", address, "Base of absolute URLs in answers; else the bound address.")
    ]
    trusted_proxies: Annotated[
        str, Setting("", networks, "Addresses and networks whose X-Forwarded-For is trusted.")
    ]
    tls: Annotated[bool, Setting("off", switch, "Whether to speak HTTPS, and no HTTP.")]
    tls_names: Annotated[
        tuple[str, ...],
        Setting(
            "accounts.salla.sa,api.salla.dev",
            dns_names,
            "Names HTTPS is served under, separated by commas.",
        ),
    ]

    data_dir: Annotated[str, Setting(".sijill", text, "Folder of the embedded database.")]
    database_url: Annotated[
        str,
        Setting("", text, "postgresql://… or sqlite:///…; else sijill.db in data_dir.", True),
    ]
    database_connections: Annotated[
        int, Setting("10", whole(1, 1000), "Connections each process keeps to PostgreSQL.")
    ]

    customers_limit: Annotated[
        Quota | None,
        Setting("500/10m", parse_quota, "Requests under /customers: N/period, or off."),
    ]
    customers_limit_key: Annotated[
        Key,
        Setting("token", one_of("token", "store", "ip"), "The key that customers_limit counts by."),
    ]
    plan_limit: Annotated[bool, Setting("on", switch, "Whether the plans of stores limit them.")]
    others_limit: Annotated[
        Quota | None,
        Setting(
            "600/m", parse_quota, "Requests outside /customers of an app without a plan, or off."
        ),
    ]
    failed_tokens_limit: Annotated[
        Quota | None, Setting("60/m", parse_quota, "Unknown tokens per client address, or off.")
    ]
    counters: Annotated[
        Literal["auto", "memory", "sqlite", "redis"],
        Setting(
            "auto",
            one_of("auto", "memory", "sqlite", "redis"),
            "Where limits are counted; auto: redis with redis_url, sqlite with several workers.",
        ),
    ]
    redis_url: Annotated[
        str, Setting("", text, "redis://… of Redis or Valkey, for several machines.", True)
    ]
    on_counter_error: Annotated[
        Literal["local", "open", "closed"],
        Setting(
            "local",
            one_of("local", "open", "closed"),
            "With the shared counter away: count here, let pass, or refuse.",
        ),
    ]
    nodes: Annotated[
        int,
        Setting("1", whole(1, 10_000), "Machines that share the counter; divides the fallback."),
    ]

    code_lifetime: Annotated[
        timedelta, Setting("60s", lifetime, "How long an authorization code is good.")
    ]
    access_lifetime: Annotated[
        timedelta, Setting("14d", lifetime, "How long an access token of OAuth is good.")
    ]
    refresh_lifetime: Annotated[
        timedelta, Setting("30d", lifetime, "How long a refresh token is good.")
    ]
    oauth_state: Annotated[
        Literal["verbatim", "observed"],
        Setting(
            "verbatim",
            one_of("verbatim", "observed"),
            "How state comes back; observed: without its hyphens, as seen at Salla.",
        ),
    ]
    session_idle: Annotated[
        timedelta, Setting("30m", lifetime, "How long a signed-in owner may be idle.")
    ]
    session_lifetime: Annotated[
        timedelta, Setting("12h", lifetime, "How long an owner stays signed in at most.")
    ]
    login_limit: Annotated[
        Quota | None,
        Setting(
            "10/15m",
            parse_quota,
            "Failed sign-ins per client address or device, tenfold per account; or off.",
        ),
    ]

    webhooks: Annotated[
        Literal["send", "capture", "off"],
        Setting(
            "send",
            one_of("send", "capture", "off"),
            "Deliver webhooks, store them unsent for assertions, or leave them to sijill deliver.",
        ),
    ]
    webhook_schedule: Annotated[
        Literal["durable", "compat"],
        Setting(
            "durable",
            one_of("durable", "compat"),
            "Ten attempts over three days, or Salla's: three more, five minutes apart.",
        ),
    ]
    webhook_targets: Annotated[
        Literal["public", "local"],
        Setting(
            "public",
            one_of("public", "local"),
            "https to public addresses alone; local: http and this network too.",
        ),
    ]
    webhook_body: Annotated[
        Literal["plain", "escaped"],
        Setting(
            "plain",
            one_of("plain", "escaped"),
            "JSON as JavaScript writes it, or as PHP does, with \\/ and \\uXXXX.",
        ),
    ]
    webhook_headers: Annotated[
        Literal["both", "salla"],
        Setting(
            "both", one_of("both", "salla"), "Standard Webhooks headers beside Salla's, or not."
        ),
    ]
    event_retention: Annotated[
        timedelta, Setting("7d", lifetime, "How long events and dead deliveries stay.")
    ]
    webhook_waiting: Annotated[
        int,
        Setting(
            "100000",
            whole(1, 10**8),
            "Deliveries of an app in a store that may wait; more are not made, the feed has all.",
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
        float, Setting("10", seconds(0.1, 3600), "Seconds for a request to arrive whole.")
    ]
    keep_alive: Annotated[
        float, Setting("75", seconds(0, 3600), "Seconds an idle connection stays open.")
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
        float, Setting("30", seconds(0, 3600), "Seconds requests in flight get at shutdown.")
    ]

    log_level: Annotated[
        str,
        Setting("info", one_of("debug", "info", "warning", "error"), "Lowest level in the log."),
    ]
    log_format: Annotated[str, Setting("json", one_of("json", "text"), "How log lines look.")]
    access_log: Annotated[bool, Setting("on", switch, "Whether each request is a log line.")]

    demo_token: Annotated[
        str, Setting("", chosen_token, "Fixes the demo's token: 16 or more visible ASCII.", True)
    ]
    demo_client_secret: Annotated[
        str, Setting("", chosen_token, "Fixes the secret of its app: 16 or more likewise.", True)
    ]
    demo_password: Annotated[
        str, Setting("", text, "Fixes the password of its owner: 12 to 256 characters.", True)
    ]
    admin_token: Annotated[
        str,
        Setting("", chosen_token, "Fixes the token of the sandbox's control API, likewise.", True),
    ]
    max_namespaces: Annotated[
        int, Setting("10000", whole(1, 1_000_000), "Namespaces of the sandbox; more are refused.")
    ]
    demo_customers: Annotated[
        int, Setting("0", whole(0, 10_000_000), "Seeded customers the demo adds.")
    ]
    demo_profile: Annotated[
        Literal["documented", "observed"],
        Setting("documented", one_of("documented", "observed"), "Profile of the demo store."),
    ]


SETTINGS: dict[str, Setting] = {
    name: next(part for part in hint.__metadata__ if isinstance(part, Setting))
    for name, hint in get_type_hints(Settings, include_extras=True).items()
}
"""The table, by name, in the order above."""
