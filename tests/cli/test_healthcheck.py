"""A check of health, whatever the address and whoever vouches for it."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from cli.sandboxes import Terminal


def test_a_healthcheck_trusts_the_authority_of_the_data_folder(terminal: Terminal) -> None:
    terminal.type("sandbox", "start", "--port", "0", "--tls")
    url = terminal.json("sandbox", "status")["url"]
    assert url.startswith("https:")
    port = url.rpartition(":")[2]
    assert terminal.type("healthcheck", "--tls", SIJILL_PORT=port) == ""
    terminal.type("sandbox", "wait")
    terminal.type("healthcheck", url, "--data-dir", "elsewhere", code=1)
    assert "certificate verify failed" in terminal.errors


def test_a_healthcheck_says_in_one_line_what_is_wrong(terminal: Terminal) -> None:
    class NotReady(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), NotReady) as server:
        Thread(target=server.handle_request, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        terminal.type("healthcheck", url, code=1)
        assert terminal.errors == f"sijill: {url} is not ready\n"
    terminal.type("healthcheck", url, code=1)
    assert terminal.errors == f"sijill: {url} does not answer: Connection refused\n"
    terminal.type("healthcheck", "127.0.0.1", code=1)
    assert terminal.errors.startswith("sijill: write an address")


def test_without_an_address_it_asks_the_server_of_the_settings(terminal: Terminal) -> None:
    terminal.type("sandbox", "start", "--port", "0", "--host", "0.0.0.0")
    port = terminal.json("sandbox", "status")["url"].rpartition(":")[2]
    assert terminal.type("healthcheck", "--port", port, SIJILL_HOST="0.0.0.0") == ""
