"""
Every column of every table: whether it may hold data of customers, and how these are erased.

A test fails for a column that is not here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sijill.customers.fields import EXTRA, STORED
from sijill.localized import Localized

ERASERS: Mapping[str, Localized] = {
    "row": Localized("يُحذف مع صف العميل.", "It is deleted with the customer's row."),
    "emptied": Localized("يُفرَّغ ويبقى الصف.", "It is emptied, and its row stays."),
    "searched": Localized(
        "يُبحث فيه عن رقم العميل وجواله وبريده، ويُحذف ما وُجد.",
        "It is searched for the customer's id, mobile and e-mail, and what is found is deleted.",
    ),
    "id": Localized(
        "رقم تعريفي فقط، يبقى كي لا يُعطى لغيره ولإثبات ما جرى.",
        "An id alone: it stays, so that nobody else gets it and what was done can be proven.",
    ),
    "mark": Localized(
        "بصمة لا يُستدل منها على الشخص، وتبقى.", "A mark that says nothing of the person: it stays."
    ),
    "others": Localized(
        "بيانات من يديرون المتجر، لا بيانات العملاء.",
        "Data of people who run the store, not of customers.",
    ),
    "nothing": Localized("لا بيانات شخصية فيه.", "It holds no personal data."),
}
"""The treatment of a column when a customer is erased, by the name of the way."""


class Place(NamedTuple):
    """Columns of one table that are erased alike."""

    table: str
    eraser: str
    """A row of ERASERS."""
    columns: tuple[str, ...]


def _place(table: str, eraser: str, columns: str) -> Place:
    return Place(table, eraser, tuple(columns.split()))


_FIELDS = " ".join(
    # Another column holds the e-mail in lower case.
    "email email_key" if field.name == "email" else field.name
    for field in (*STORED, *EXTRA)
)
"""The columns of a customer."""

INVENTORY: Sequence[Place] = (
    _place("schema_migrations", "nothing", "version name applied_at"),
    _place(
        "stores",
        "nothing",
        "id name plan profile timezone locale currency customer_url admin_url avatar_male"
        " avatar_female created_at",
    ),
    _place(
        "apps",
        "nothing",
        "id name created_at wallets client_id client_secret redirect_uris scopes webhook_url"
        " webhook_strategy webhook_secret",
    ),
    _place(
        "owners", "others", "id name email email_key mobile password created_at role suspended_at"
    ),
    _place("owner_stores", "others", "owner_id store_id"),
    _place(
        "invitations",
        "others",
        "store_id id digest owner_id name email email_key role expires_at",
    ),
    _place("setup_links", "nothing", "digest expires_at"),
    _place("sessions", "others", "digest owner_id created_at seen_at"),
    _place("reveals", "others", "store_id owner_id reason ticket begun_at ends_at"),
    _place("reveals", "id", "customer_id"),
    _place("installs", "others", "store_id app_id owner_id installed_at"),
    _place(
        "authorizations",
        "others",
        "id store_id app_id owner_id scopes created_at code_digest redirect_uri redirect_given"
        " challenge code_expires_at code_used_at revoked_at",
    ),
    _place(
        "tokens",
        "nothing",
        "digest id store_id app_id scopes hint created_at expires_at revoked_at authorization_id"
        " name",
    ),
    _place(
        "refresh_tokens",
        "nothing",
        "store_id digest authorization_id token_id scopes created_at expires_at used_at",
    ),
    _place(
        "customers",
        "row",
        f"number store_id id {_FIELDS} terms",
    ),
    _place("customer_counts", "nothing", "store_id shift bucket part customers"),
    _place("deleted_customers", "id", "store_id id deleted_at"),
    _place(
        "idempotency_keys",
        "searched",
        "store_id app_id idempotency_key fingerprint done_at result",
    ),
    _place("customer_terms", "row", "terms"),
    _place("search_index", "nothing", "id newest"),
    _place(
        "customer_groups",
        "nothing",
        "store_id id name is_default conditions features evaluate_after revision",
    ),
    _place(
        "memberships",
        "row",
        "store_id member group_id source created_at is_blocked customer_id",
    ),
    _place("wallet_entries", "row", "store_id customer_id number amount balance app_id at"),
    _place("loyalty_entries", "row", "store_id customer_id number points balance reason app_id at"),
    _place("imports", "emptied", "name"),
    _place(
        "imports",
        "nothing",
        "store_id id app_id person_id language state row_count done_count created_count"
        " updated_count rejected_count created_at finished_at worker held_until size rejects_size"
        " matched_by",
    ),
    _place(
        "bulk_changes",
        "nothing",
        "store_id id person_id action selection reason group_id state total done changed refused"
        " place_at place_id created_at finished_at worker held_until",
    ),
    _place("import_batches", "searched", "store_id import_id number content"),
    _place("import_rejects", "searched", "store_id import_id line reason cells"),
    _place("import_created", "searched", "store_id import_id customer_id updated_at"),
    _place(
        "webhooks",
        "nothing",
        "id store_id app_id name event url version rule headers strategy secret created_at"
        " failing_since paused",
    ),
    _place("events", "emptied", "body"),
    _place("events", "id", "number id store_id name at customer_id app_id position"),
    _place(
        "deliveries",
        "id",
        "store_id webhook_id event_id event state attempts created_at next_at status error tried",
    ),
    _place("feed", "nothing", "store_id newest dropped"),
    _place("audit_pending", "id", "number at entry"),
    _place("audit_blocks", "id", "chain number begun_at ended_at body hash"),
    _place("audit_chains", "nothing", "chain number hash base base_hash"),
    _place("erasure_keys", "nothing", "id sealed_key"),
    _place("erasures", "mark", "store_id mark erased_at"),
    _place("holds", "id", "store_id customer_id reason begun_at ends_at"),
    _place(
        "privacy_requests",
        "id",
        "store_id id customer_id kind opened_at due_at closed_at outcome",
    ),
    _place(
        "mirror_stores",
        "nothing",
        "store_id address egress linked_at stage trouble reason paused sequence total total_at"
        " largest_total zone calibration probed_at backfilled_at swept_at sweep_wanted refused"
        " guard_since guard_allowance worker worker_until",
    ),
    _place("mirror_customers", "emptied", "body"),
    _place(
        "mirror_customers",
        "id",
        "store_id id state created_at updated_at sequence confirmed_at reading changed_at",
    ),
    _place(
        "mirror_slices",
        "nothing",
        "store_id number run first_day last_day state total next_page reading begun_at attempts"
        " due_at",
    ),
    _place("mirror_checks", "id", "store_id customer_id due_at state missing_since attempts"),
    _place("mirror_heard", "searched", "body"),
    _place("mirror_heard", "nothing", "number store_id digest sequence heard_at"),
    _place(
        "mirror_links",
        "nothing",
        "store_id accounts merchant client_id pair received_at expires_at spent_at client_secret"
        " webhook_secret access refresh",
    ),
    _place("mirror_shapes", "nothing", "store_id endpoint digest shape first_at"),
    _place("limit_usage", "nothing", "store_id began_at app_id customers passed refused"),
    _place("mirror_history", "nothing", "store_id at held total oldest_confirmed_at"),
    _place("mirror_budgets", "nothing", "egress empty_until"),
    _place("mirror_requests", "nothing", "number egress lane at"),
    _place("mirror_wants", "nothing", "egress lane at"),
)

OF_SQLITE = {
    "customers": ("number",),
    "memberships": ("customer_id",),
    "customer_terms": ("terms",),
    "search_index": ("id", "newest"),
}
OF_POSTGRES = {"customer_counts": ("part",)}
"""The columns that one of the two databases does not have."""

_OF_ONE = {
    (table, name) for each in (OF_SQLITE, OF_POSTGRES) for table in each for name in each[table]
}


def columns_of_tables() -> dict[str, list[str]]:
    """Return the columns of every table that both databases have."""
    found: dict[str, list[str]] = {}
    for table, _, names in INVENTORY:
        shared = [name for name in names if (table, name) not in _OF_ONE]
        if shared:
            found.setdefault(table, []).extend(shared)
    return found


def searched_tables() -> str:
    """Return the statement that counts, for each table, the rows in which a text stands."""
    return "\nUNION ALL\n".join(
        _SEARCHED.format(table=table, columns=", ".join(names))
        for table, names in columns_of_tables().items()
    )


_SEARCHED = """SELECT '{table}', count(*)
FROM (SELECT concat_ws(' ', {columns}) AS line FROM {table}) AS found
WHERE lower(line) LIKE $1 ESCAPE '!' OR line LIKE $2 ESCAPE '!' OR line LIKE $3 ESCAPE '!'"""

SQL_LISTS = {"searched_tables": searched_tables()}
"""
In how many rows of each table a text stands.

The arguments are patterns of LIKE: the text in small letters, as it is, and the hexadecimal digits
of its bytes, as PostgreSQL writes a column of bytes.
"""
