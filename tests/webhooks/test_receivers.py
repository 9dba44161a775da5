"""Bodies before Salla's documented receiver for Node, which hashes JSON.stringify(req.body)."""

import json
import subprocess
from datetime import UTC, datetime

import pytest
from fixtures.registers import NOW, STORE, customer
from fixtures.require import program
from msgspec.structs import replace

from sijill.customers.event_body import Source, event_body
from sijill.oauth.apps import App
from sijill.webhooks.events import (
    EVENTS,
    INSTALLED,
    UNINSTALLED,
    authorize_event,
    install_event,
    otp_body,
)
from sijill.webhooks.signing import salla_signature

pytestmark = pytest.mark.proves(
    "the documented receiver for Node, which hashes `JSON.stringify(req.body)`, finds the "
    "signature of every event right"
)

TEXTS = [
    *map(chr, range(0x20)),
    *("/", "\\", '"', "'", "<&>", "\x7f", "\x80", "\xad", "é", "عبدالله", "😀", "𐀀"),
    *("\u2028", "\u2029", "\ufeff", "\ufffd", "\ue000", "\u200b", "\\u0627", "\\/", "__proto__"),
]
SECRET = "a secret of theirs"
RECEIVER = """
const { createHmac } = require("node:crypto");
const [secret, bodies] = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const hash = (body) =>
  createHmac("sha256", secret).update(JSON.stringify(JSON.parse(body))).digest("hex");
console.log(JSON.stringify(bodies.map(hash)));
"""


def bodies() -> list[bytes]:
    """Return bodies of every event, with every kind of character in their texts."""
    until = datetime.fromtimestamp(1_900_000_000.9, UTC)
    app = App(7, "/".join(TEXTS), NOW)
    tokens = {"access": "a/b", "refresh": "c\\d", "scope": "x y"}
    people = [
        customer(number, id=number, first_name=text, city=text, location=text, mobile=10**14)
        for number, text in enumerate(TEXTS, 1)
    ]
    people += [replace(people[0], mobile=None, mobile_code="", gender=None, birthday=None)]
    return [
        *(event_body(STORE, name, NOW, person) for name in EVENTS for person in people),
        *(event_body(STORE, "customer.login", NOW, people[0], source=Source(t)) for t in TEXTS),
        *(otp_body(STORE, NOW, text, text) for text in TEXTS),
        *(install_event(STORE, name, NOW, app, {"b", "a"}) for name in (INSTALLED, UNINSTALLED)),
        authorize_event(STORE, NOW, until=until, **tokens),
    ]


def test_the_documented_receiver_for_node_finds_every_signature_right() -> None:
    node = program("node")
    sent = bodies()
    told = json.dumps([SECRET, [body.decode() for body in sent]])
    done = subprocess.run(
        [node, "-e", RECEIVER], input=told, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [salla_signature(SECRET, body) for body in sent]
