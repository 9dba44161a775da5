"""Faults to plant in the CRM of the examples, each with the tests that must find it."""

from typing import NamedTuple


class Edit(NamedTuple):
    """A text of one file, and what takes its place."""

    file: str
    text: str
    instead: str


class Broken(NamedTuple):
    """A fault in both languages."""

    fault: str
    tests: tuple[str, ...]
    """Words of the names of the tests that must fail, in both languages."""
    python: Edit
    node: Edit


BROKEN = [
    Broken(
        "a 429 is an error",
        ("waits",),
        Edit("crm/retries.py", "NO_ANSWER, 429, ", "NO_ANSWER, "),
        Edit("retries.js", "NO_ANSWER, 429, ", "NO_ANSWER, "),
    ),
    Broken(
        "Retry-After is not read",
        ("waits",),
        Edit("crm/retries.py", "int(told) if told.isdecimal() else ", ""),
        Edit("retries.js", '/^\\d+$/.test(retryAfter ?? "") ? Number(retryAfter) : ', ""),
    ),
    Broken(
        "a failing server is an error",
        ("500", "502", "503"),
        Edit("crm/retries.py", "429, 500, 502, 503, 504}", "429}"),
        Edit("retries.js", "NO_ANSWER, 429, 500, 502, 503, 504]", "NO_ANSWER, 429]"),
    ),
    Broken(
        "half an answer is an error",
        ("empty", "reset", "truncate", "malformed"),
        Edit("crm/retries.py", "{NO_ANSWER, 429", "{429"),
        Edit("retries.js", "[NO_ANSWER, 429", "[429"),
    ),
    Broken(
        "a token is never renewed",
        ("half_way",),
        Edit("crm/salla.py", "answer.status == 401", "answer.status == 0"),
        Edit("salla.js", "answer.status === 401", "answer.status === 0"),
    ),
    Broken(
        "a new pair of tokens is not kept",
        ("outlives",),
        Edit("crm/store.py", '"INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", row', '"SELECT 1"'),
        Edit("salla.js", "this.#store.keepTokens(this.#config.tokens, pair);", ""),
    ),
    Broken(
        "a lost answer is an error",
        ("lost",),
        Edit("crm/salla.py", "self._with_email(email) if refusal.uncertain else None", "None"),
        Edit("salla.js", "refusal.uncertain ? await this.#withEmail(fields.email) : ", ""),
    ),
    Broken(
        "the import never steps back",
        ("go_and_come", "steps_back"),
        Edit("crm/importing.py", "if shrunk <= 0:", "if shrunk < 1_000_000:"),
        Edit("importing.js", "if (shrunk <= 0)", "if (shrunk < 1_000_000)"),
    ),
    Broken(
        "the import begins again each time",
        ("broken_off",),
        Edit("crm/importing.py", "progress = store.progress()", "progress = Progress()"),
        Edit("importing.js", "  for (;;) {", "  store.savePage([], BEGINNING);\n  for (;;) {"),
    ),
    Broken(
        "the last write wins",
        ("late",),
        Edit("crm/store.py", "WHERE excluded.updated_at >= customers.updated_at", ""),
        Edit("store.js", "known.updatedAt > customer.updatedAt", "false"),
    ),
    Broken(
        "an event is handled each time",
        ("twice",),
        Edit("crm/webhooks.py", 'self.headers.get("webhook-id")', "str(self.client_address)"),
        Edit("webhooks.js", 'request.headers["webhook-id"]', "String(Math.random())"),
    ),
    Broken(
        "no signature is checked",
        ("tampered", "wrong"),
        Edit("crm/webhooks.py", "return hmac.compare_digest", "return (lambda *_: True)"),
        Edit("webhooks.js", "return given.length === expected.length", "return true || given"),
    ),
]
