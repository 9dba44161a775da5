"""What tests of TLS share: a handshake in memory, and contexts that trust one authority."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from sijill.tls.certificates import Pair, encode

NAMES = ("accounts.salla.sa", "api.salla.dev")
NOW = datetime.now(UTC)
"""OpenSSL checks certificates by its own clock."""


def trusting(authority: Pair) -> ssl.SSLContext:
    """Return a client that trusts one authority, as strictly as newer Pythons do."""
    pem = authority.certificate.public_bytes(Encoding.PEM).decode()
    context = ssl.create_default_context(cadata=pem)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def showing(shown: Pair, folder: Path) -> ssl.SSLContext:
    """Return a server that shows a certificate."""
    for name, data in zip(("cert", "key"), encode(shown), strict=True):
        (folder / name).write_bytes(data)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert", folder / "key")
    return context


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> None:
    """Make the two agree on a connection to `name`; the client's objection is raised."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    while sides:
        for side in list(sides):
            try:
                side.do_handshake()
                sides.remove(side)
            except ssl.SSLWantReadError:
                continue
