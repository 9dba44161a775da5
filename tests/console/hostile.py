"""
Texts that would do harm, in every field that people and programs fill.

The API and the forms refuse some of them, and cut others off. A copy of another store, an older
version or an operator may have written them all the same, so they are put into the tables.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
from fixtures.chromium import Page

from console.driving import awaited
from sijill.pages.visible import plain
from sijill.stores.model import CUSTOMER_ID

HARM = "window.ran=1"

TEXTS = (
    f"<script>{HARM}</script>",
    f"</script></title></style><script>{HARM}</script>",
    f"<img src=x onerror={HARM}>",
    f"<svg/onload={HARM}>",
    f'"><b id=broken onfocus="{HARM}" autofocus tabindex=0>',
    f"'onfocus='{HARM}' autofocus='",
    f"</bdi></td></table></p></form><b id=broken onclick={HARM}>",
    f"javascript:{HARM}",
    "<!-- --><base href=//evil.example>",
    "{{ 42 * 42 }}{% raw %}${42 * 42}",
    "&lt;b id=broken&gt;&#60;b id=broken&#62;",
    "a\u202egnp.exe\u202c b\u2069\u2066c\u2067d\u2068e f\u200e\u200f\u061cg",
    "محمّد بن عبدالله <b id=broken> שלום \u200f123",
    "x" * 120,
    "ط" + "\u064e\u0651\u0670" * 30,
    "a\u2028b\u00adc\ufeffd\u0001e\u007ff\u009bg\U000e0041h",
)

WRITTEN = {
    "customers": ("first_name", "last_name", "city", "country", "location", "block_reason"),
    "customer_groups": ("name",),
    "webhooks": ("name", "url"),
    "stores": ("name",),
    "apps": ("name",),
    "owners": ("name",),
    "imports": ("name",),
    "bulk_changes": ("reason",),
}
"""The columns of each table that hold what somebody wrote, and that pages show."""


def text_of(number: int) -> str:
    """Return one of the texts, in turns; numbers differ, so that unique names stay unique."""
    return f"{number}{TEXTS[number % len(TEXTS)]}"


def write(folder: Path) -> int:
    """
    Put the texts into every row of the tables of a demo, whose data lies in a folder.

    Returns how many values were written.
    """
    (file,) = folder.rglob("sijill.db")
    written = 0
    with closing(apsw.Connection(str(file))) as connection:
        connection.set_busy_timeout(10_000)
        for table, columns in WRITTEN.items():
            for values, key in _rows(connection, table, len(columns), written):
                cells = ", ".join(f"{column} = ?" for column in columns)
                connection.execute(
                    f"UPDATE {table} SET {cells} WHERE {key[0]} = ?", (*values, key[1])
                )
                written += len(columns)
        with_nul = json.dumps([*TEXTS, "a\0b"])
        custom = "UPDATE customers SET custom_fields = ?, is_blocked = 1 WHERE id = ?"
        connection.execute(custom, (with_nul, CUSTOMER_ID))
    return written


def _rows(
    connection: apsw.Connection, table: str, columns: int, begun: int
) -> Iterator[tuple[list[str], tuple[str, Any]]]:
    """Yield the texts for each row of a table, and the name and the value of its key."""
    key = "number" if table == "customers" else "id"
    first = f"id = {CUSTOMER_ID} DESC, " if table == "customers" else ""
    ids = [row[0] for row in connection.execute(f"SELECT {key} FROM {table} ORDER BY {first}{key}")]
    for number, one in enumerate(ids):
        place = begun + number * columns
        yield [text_of(place + column) for column in range(columns)], (key, one)


def watched(page: Page) -> None:
    """Let every page from now on count what its policy forbids."""
    page.call(
        "Page.addScriptToEvaluateOnNewDocument",
        source="""window.forbidden = [];
            document.addEventListener("securitypolicyviolation",
                (event) => forbidden.push(event.violatedDirective + " " + event.blockedURI))""",
    )


def harm(page: Page) -> list[str]:
    """Return what hostile texts have done to a page."""
    found = page.run(r"""[
        window.ran === undefined ? "" : "a script ran",
        ...forbidden.map((one) => "forbidden: " + one),
        ...[...document.querySelectorAll("#broken, img, iframe, object, embed, base," +
            "script:not([src]), [onload], [onerror], [onclick], [onfocus], [autofocus]," +
            "[href^='javascript:' i], [action^='javascript:' i]")]
            .map((one) => one.outerHTML.slice(0, 120)),
        document.documentElement.textContent.includes("1764") ? "a template was filled in" : "",
    ].filter(Boolean)""")
    return [*found, *_hidden(page)]


def _hidden(page: Page) -> list[str]:
    """Return the texts of a page in which something cannot be seen, but those that people edit."""
    texts = page.run("""[document.title, ...[...document.querySelectorAll("*")].flatMap((one) => [
        ...[...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE &&
            !["TEXTAREA", "SCRIPT"].includes(one.tagName)).map((node) => node.data),
        ...["title", "aria-label", "alt"].map((name) => one.getAttribute(name) || "")])]""")
    seen = [" ".join(text.split()) for text in texts]
    return [f"unseen: {plain(text)[:100]}" for text in seen if plain(text) != text]


def send(page: Page, path: str, fields: dict[str, str], file: str = "") -> str:
    """Send a form with the token of the page; return where its answer leads, "" for nowhere."""
    sent = f"""(async () => {{
        const {{value: token}} = document.querySelector("[name=token]");
        const fields = {{token, ...{json.dumps(fields)}}};
        const file = {json.dumps(file)}, form = new FormData();
        for (const [name, value] of Object.entries(fields)) form.append(name, value);
        if (file) form.append("file", new File([file], "<b id=broken>.csv", {{type: "text/csv"}}));
        const answer = await fetch({json.dumps(path)},
            {{method: "POST", body: file ? form : new URLSearchParams(fields)}});
        return answer.redirected ? new URL(answer.url).pathname : "";
    }})()"""
    return str(awaited(page, sent))
