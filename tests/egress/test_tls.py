"""Certificates: a receiver is believed as far as an authority vouches for it."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from egress.receivers import (
    OK,
    Behaviour,
    Receiver,
    answers,
    gives,
    listens,
    never_reads,
    receiving,
)
from egress.test_sending import PATIENCE, outcome
from sijill.egress.sending import Sender

HOST = "hooks.example"
NOW = datetime.now(UTC)
DAY = timedelta(days=1)

Issue = Callable[..., ssl.SSLContext]
OBLIGING = answers(OK)


_USAGE = dict.fromkeys(
    (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    ),
    False,
)
SIGNS = x509.KeyUsage(**_USAGE | {"key_cert_sign": True})
SERVES = x509.KeyUsage(**_USAGE | {"digital_signature": True})
"""Clients of Python 3.13 and later insist on all that RFC 5280 asks of a certificate."""


def certificate(
    name: str, issuer: str, key: Any, signer: Any, *, ends: datetime, authority: bool = False
) -> x509.Certificate:
    def called(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    return (
        x509.CertificateBuilder()
        .subject_name(called(name))
        .issuer_name(called(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 30 * DAY)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(SIGNS if authority else SERVES, critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, SHA256())
    )


@pytest.fixture
def issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Issue:
    """Make certificates of an authority that the process trusts, as an operator may set it."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = certificate("root", "root", root_key, root_key, ends=NOW + DAY, authority=True)
    trusted = tmp_path / "root.pem"
    trusted.write_bytes(root.public_bytes(Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))

    def make(
        name: str = HOST, *, ends: datetime = NOW + DAY, self_signed: bool = False
    ) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer, signer = (name, key) if self_signed else ("root", root_key)
        pem = tmp_path / "receiver.pem"
        pem.write_bytes(
            certificate(name, issuer, key, signer, ends=ends).public_bytes(Encoding.PEM)
            + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    return make


def send(
    tls: ssl.SSLContext | None, behave: Behaviour = OBLIGING, *, times: int = 1, **settings: Any
) -> tuple[list[Any], Receiver]:
    async def run() -> tuple[list[Any], Receiver]:
        async with receiving(behave, tls=tls) as receiver:
            names = gives(["127.0.0.1"])
            sender = Sender(**{"local": True, "timeout": PATIENCE, "resolver": names, **settings})
            url = receiver.url(scheme="https", host=HOST)
            results = [await outcome(sender, url) for _ in range(times)]
            await sender.close()
        return results, receiver

    return asyncio.run(run())


def test_a_receiver_with_a_good_certificate_for_its_name_is_sent_to(issue: Issue) -> None:
    tls = issue()
    seen: list[str | None] = []
    tls.sni_callback = lambda _, name, __: seen.append(name)
    results, receiver = send(tls, times=3)
    assert [result.status for result in results] == [200] * 3
    assert seen == [HOST]  # once: the connection served again
    assert receiver.requests[0].startswith(
        b"POST / HTTP/1.1\r\nHost: hooks.example:%d\r\n" % receiver.port
    )


def test_a_self_signed_certificate_is_not_believed(issue: Issue) -> None:
    results, receiver = send(issue(self_signed=True))
    assert results == ["tls"]
    assert receiver.requests == []


def test_an_expired_certificate_is_not_believed(issue: Issue) -> None:
    results, receiver = send(issue(ends=NOW - DAY))
    assert results == ["tls"]
    assert receiver.requests == []


def test_a_certificate_of_another_name_is_not_believed(issue: Issue) -> None:
    results, receiver = send(issue("other.example"))
    assert results == ["tls"]
    assert receiver.requests == []


def test_a_version_of_tls_long_broken_is_not_spoken(issue: Issue) -> None:
    tls = issue()
    with pytest.warns(DeprecationWarning, match="TLSVersion.TLSv1_1 is deprecated"):
        tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1_1
    assert send(tls)[0] == ["tls"]


def test_a_receiver_that_does_not_speak_tls_is_not_sent_to(issue: Issue) -> None:
    async def greets(receiver: Receiver, reader: Any, writer: Any) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await listens(receiver, reader, writer)

    results, receiver = send(None, greets)
    assert results == ["tls"]
    assert b"POST" not in b"".join(receiver.requests)


def test_a_handshake_that_never_ends_is_given_up_at_the_deadline(issue: Issue) -> None:
    assert send(None, never_reads, timeout=0.1)[0] == ["timeout"]
