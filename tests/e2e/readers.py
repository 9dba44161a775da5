"""What the reader of each page has and does, and the commands that no test runs, with reasons."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reader:
    """Somebody at a desk."""

    has: dict[str, str] = field(default_factory=dict)
    """Files of the reader's own, in the clone."""
    before: tuple[str, ...] = ()
    """Blocks of other pages that this one builds on."""
    first: dict[str, str] = field(default_factory=dict)
    """What else is done before a block, by the block's name."""
    servers: dict[str, str] = field(default_factory=dict)
    """Addresses on the page, and the fixture that has the server's own."""
    means: dict[str, str] = field(default_factory=dict)
    """Words of a page that stand for something of the reader's own."""
    ends: dict[str, int] = field(default_factory=dict)
    """Exit codes other than 0, by the block's name."""


CTRL_C = "Ctrl-C"
"""The server is ended before the block."""

ACTIVATE = ". .venv/bin/activate"
PASSWORD = {
    "sijill person create": "printf a-password-of-mine | sijill person create --password-file -"
}
"""A password is typed on a terminal."""

SHOP = f"{ACTIVATE}\nsijill store create shop\nsijill app create crm"
RECEIVER = """\
from http.server import BaseHTTPRequestHandler, HTTPServer

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

HTTPServer(("127.0.0.1", 3000), Receiver).serve_forever()
"""
AHMED = '{"id":2075683582,"first_name":"Ahmed","email":"ahmed@example.com"}'
GET = "https://api.salla.dev/healthz"

STARTED = 'sijill sandbox start\neval "$(sijill sandbox env)"'
INSTALLED = f"""{ACTIVATE}
sijill app install crm --store shop > tokens.json
export SALLA_TOKEN=$(sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/' tokens.json)
export REFRESH_TOKEN=$(sed 's/.*"refresh_token":"\\([^"]*\\)".*/\\1/' tokens.json)
"""
"""The operator installs the app, in place of an owner with a browser."""

READERS: dict[str, Reader] = {
    "README.md": (
        whole := Reader(
            means=PASSWORD,
            servers={
                "postgresql://sijill@db.example.com/sijill": "postgres_url",
                "redis://counters.example.com": "valkey_url",
            },
        )
    ),
    "README.ar.md": whole,
    "docs/explanation/audit.md": Reader(before=(SHOP,)),
    "docs/howto/answer-a-persons-request.md": Reader(
        before=(
            f"{SHOP}\necho '{AHMED.replace('2075683582', '41')}' |"
            " sijill import - --format jsonl --store shop",
        )
    ),
    "docs/howto/back-up.md": Reader(before=(SHOP,)),
    "docs/howto/install.md": Reader(
        first={"sijill version": ACTIVATE},
    ),
    "docs/howto/let-apps-log-in.md": (
        operator := Reader(
            has={"receiver.py": RECEIVER},
            before=("python3 receiver.py >receiver.log 2>&1 &",),
            first={
                'curl -H "Authorization: Bearer $SALLA_TOKEN" '
                "http://127.0.0.1:8466/oauth2/user/info": INSTALLED,
                'sijill token expire "$SALLA_TOKEN"': INSTALLED,
            },
            means=PASSWORD,
        )
    ),
    "docs/ar/let-apps-log-in.md": operator,
    "docs/howto/mirror-a-store.md": (mirrored := Reader()),
    "docs/ar/mirror-a-store.md": mirrored,
    "docs/howto/point-a-client.md": Reader(before=("make demo",)),
    "docs/howto/receive-webhooks.md": Reader(
        means={"$SALLA_TOKEN": "a-token-of-mine-0123456789"},
        first={
            "sijill webhook trigger customer.login --customer 2075683582 --store shop": (
                f"{ACTIVATE}\nsijill store create shop\n"
                f"echo '{AHMED}' | sijill import - --format jsonl --store shop"
            ),
        },
    ),
    "docs/howto/run-on-several-machines.md": Reader(
        servers={
            "postgresql://sijill:password@db.example.com/sijill": "postgres_url",
            "rediss://:password@counters.example.com": "valkey_url",
        },
    ),
    "docs/howto/run-unmodified-clients.md": Reader(
        has={
            "app.js": f"fetch('{GET}').then((answer) => process.exit(answer.ok ? 0 : 1));",
            "app.php": f"<?php exit(file_get_contents('{GET}') ? 0 : 1);",
            "app.py": f"import urllib.request\nurllib.request.urlopen('{GET}')\n",
        },
    ),
    "docs/howto/starter-kits.md": Reader(),
    "docs/howto/test-in-the-sandbox.md": Reader(
        first={
            "sijill sandbox start            # returns once it answers": CTRL_C,
            "sijill ns create t1 --setting customers_limit=3/10m": STARTED,
        },
        means={'{"name": "t1"': '{"name": "t3"'},  # the commands have made t1
        ends={"sijill ns create t1 --setting customers_limit=3/10m": 1},  # no delivery comes
    ),
    "docs/howto/watch-it.md": Reader(before=(SHOP,)),
    "docs/quickstart.md": (
        newcomer := Reader(
            ends={
                'curl -g -H "Authorization: Bearer $SALLA_TOKEN" \'http://127.0.0.1:8466/admin/v2'
                "/customers/2075683582?fields[]=orders_count&fields[]=is_blocked'": 22,
            }
        )
    ),
    "docs/ar/quickstart.md": newcomer,
    "docs/reference/seed.md": Reader(
        has={"seed.json": f'{{"customers": [{AHMED}]}}', "customers.jsonl": AHMED},
    ),
}

IN_CLONE = (
    ".venv",
    "receiver.log",
    "t1.state",
    "tokens.json",
    "sijill-ca.pem",
    ".dockerignore",
    ".gitignore",
)
"""Files that a walk may leave in the clone: of the walk itself, or for everybody to see."""

OPTIONAL = ("node", "php")
"""Commands that not every machine has: their blocks are left out where they are missing."""

ELSEWHERE = {
    "benchmarks/README.md": "test_benchmarks.py",
    "docs/ar/move-data.md": "e2e/test_move_data_page.py",
    "docs/howto/move-data.md": "e2e/test_move_data_page.py",
    "docs/howto/run-on-one-machine.md": "e2e/test_machine_page.py",
    "docs/howto/test-in-ci.md": "examples/test_ci.py",
    "docs/howto/test-with-node.md": "examples/test_pages.py",
    "docs/howto/test-with-php.md": "examples/test_pages.py",
    "docs/howto/test-with-pytest.md": "e2e/test_pytest_page.py",
    "examples/crm/README.md": "examples/test_readme.py",
}
"""Pages whose commands another test runs."""

_WHEEL = "dist/sijill-0.1.0-py3-none-any.whl"
_APPS, _CLIENTS = "docs/howto/let-apps-log-in.md", "docs/howto/run-unmodified-clients.md"
_INSTALL, _KITS = "docs/howto/install.md", "docs/howto/starter-kits.md"
_HOOKS = "docs/howto/receive-webhooks.md"
_MACHINE = "docs/howto/run-on-one-machine.md"
_CONTAINER = "needs a container engine: e2e/test_container.py builds the image by another builder"
_APP = "an app of the reader's own: e2e/test_oauth_clients.py has one"
_CODE = "a code comes by a browser: e2e/test_oauth_clients.py has one"
_PIPX = "needs pipx and a registry: e2e/test_wheel.py installs the same file"
_BROWSER = "a browser with a screen: e2e/test_oauth_browser.py has one without"

NOT_RUN: dict[tuple[str, str], str] = {
    **{
        (page, name): _CODE
        for page in (_APPS, "docs/ar/let-apps-log-in.md")
        for name in (
            "export SALLA_OAUTH_CLIENT_ID=demo",
            "curl http://127.0.0.1:8466/oauth2/token -d grant_type=authorization_code \\",
        )
    },
    (_CLIENTS, "SSL_CERT_FILE=$PWD/sijill-ca.pem ruby app.rb"): "needs Ruby",
    (_CLIENTS, "mkdir -p sijill-home/.pki/nssdb"): _BROWSER,
    (_CLIENTS, "mkdir sijill-firefox"): _BROWSER,
    (_CLIENTS, "certutil -user -addstore Root sijill-ca.pem"): "needs Windows",
    (
        _CLIENTS,
        "security add-trusted-cert -r trustRoot -p ssl"
        " -k ~/Library/Keychains/login.keychain-db sijill-ca.pem",
    ): "needs macOS",
    **{
        (page, f"pipx {words}"): _PIPX
        for page in ("README.md", "README.ar.md")
        for words in (f"install {_WHEEL}", f"run --spec {_WHEEL} sijill sandbox")
    },
    (_INSTALL, 'pipx install "git+https://git.example.com/sijill.git"'): _PIPX,
    (_INSTALL, f"pipx install {_WHEEL}"): _PIPX,
    (_INSTALL, f"pipx install --force {_WHEEL}"): _PIPX,
    (_INSTALL, "pipx uninstall sijill"): _PIPX,
    (_INSTALL, "docker build -f deploy/Containerfile -t sijill ."): _CONTAINER,
    (
        _INSTALL,
        "docker run --detach --name sijill -p 127.0.0.1:8466:8466 -v sijill:/data sijill",
    ): _CONTAINER,
    (_INSTALL, "export SIJILL_ADMIN_TOKEN=an-admin-token-of-mine"): _CONTAINER,
    (_INSTALL, "export POSTGRES_PASSWORD=$(openssl rand -hex 24)"): _CONTAINER,
    (_MACHINE, "git pull"): "there is no newer version",
    (_MACHINE, "runuser -u sijill -- sijill keys rotate"): "waits a minute: cli/test_keys.py",
    (_KITS, "NODE_EXTRA_CA_CERTS=$PWD/sijill-ca.pem node app.js"): _APP,
    (_KITS, "NODE_EXTRA_CA_CERTS=$PWD/sijill-ca.pem node app.js 8081"): _APP,
    (
        _HOOKS,
        "sijill webhook attempts evt_4f0c2d7e9b1a4c5d8e6f7a0b1c2d3e4f",
    ): "no such event: cli/test_webhooks.py has one",
}
"""Blocks that no test runs, by page and name, and why."""
