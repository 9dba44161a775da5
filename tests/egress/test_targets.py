"""Which URLs something may be sent to."""

import socket
from ipaddress import IPv4Address

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from egress.corpus import NOT_PUBLIC, SPELLINGS
from sijill.egress.addresses import is_allowed
from sijill.egress.targets import MAX_URL_LENGTH, BadTarget, parse_target


def reason(url: str, *, local: bool = False) -> str:
    with pytest.raises(BadTarget) as bad:
        parse_target(url, local=local)
    return bad.value.reason


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com/salla",
        "https://hooks.example.com",
        "https://hooks.example.com?token=a",
        "https://hooks.example.com:443/",
        "https://hooks.example.com:8443/",
        "HTTPS://Hooks.Example.COM/Path",
        "https://my_app.example.com/a[]=1?b=%D8%B9&c='(x)*!;",
        "https://متجر.example.com/hooks",
        "https://xn--mgbh0fb.example.com/",
        "https://8.8.8.8/",
        "https://134744072/",
        "https://[2606:4700:4700::1111]:8443/",
    ],
)
def test_a_url_of_a_public_receiver_comes_back_unchanged(url: str) -> None:
    parse_target(url, local=False)


@rows(
    ("url", "expected"),
    [
        ("", "scheme"),
        ("hooks.example.com", "scheme"),
        ("//hooks.example.com/", "scheme"),
        ("http://hooks.example.com/", "scheme"),
        ("ftp://hooks.example.com/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://hooks.example.com/", "scheme"),
        ("https:hooks.example.com", "host"),
        ("https:/hooks.example.com", "host"),
        ("https://", "host"),
        ("https:///path", "host"),
        ("https://localhost/", "host"),
        ("https://intranet:8443/", "host"),
        ("https://hooks.example.com./", "host"),
        ("https://hooks..example.com/", "host"),
        ("https://-hooks.example.com/", "host"),
        ("https://hooks-.example.com/", "host"),
        ("https://%31%32%37.0.0.1/", "host"),
        ("https://127.0.0.1./", "host"),
        ("https://256.1.1.1/", "host"),
        ("https://1.2.3.4.5/", "host"),
        ("https://example.0x1/", "host"),
        ("https://[::1/", "host"),
        ("https://[::1]]/", "host"),
        ("https://[2606:4700::1a:443/", "host"),
        ("https://[127.0.0.1]/", "host"),
        ("https://[v1.x]/", "host"),
        ("https://a[::1]/", "host"),
        ("https://xn--a٠.example.com/", "host"),
        ("https://" + "a" * 64 + ".example.com/", "host"),
        ("https://" + "a." * 127 + "com/", "host"),
        ("https://hooks.example.com:/", "port"),
        ("https://hooks.example.com:0/", "port"),
        ("https://hooks.example.com:0443/", "port"),
        ("https://hooks.example.com:٤٤٣/", "port"),
        ("https://hooks.example.com:65536/", "port"),
        ("https://hooks.example.com:80/", "port"),
        ("https://hooks.example.com:22/", "port"),
        ("https://hooks.example.com:6379/", "port"),
        ("https://user@hooks.example.com/", "userinfo"),
        ("https://hooks.example.com:443@10.0.0.1/", "userinfo"),
        ("https://@hooks.example.com/", "userinfo"),
        ("https://hooks.example.com/#top", "fragment"),
        ("https://hooks.example.com#@10.0.0.1/", "fragment"),
        ("https://hooks.example.com\\@10.0.0.1/", "characters"),
        ("https://hooks.example.com/ a", "characters"),
        (" https://hooks.example.com/", "characters"),
        ("https://hooks.example.com/\n", "characters"),
        ("ht\ttps://hooks.example.com/", "characters"),
        ("https://hooks.example.com/\r\nX: y", "characters"),
        ("https://hooks.example.com/\x00", "characters"),
        ("https://hooks.example.com/عميل", "characters"),
        ("https://hooks.example.com/%zz", "characters"),
        ("https://hooks.example.com/" + "a" * MAX_URL_LENGTH, "length"),
    ],
)
def test_a_url_is_refused_for_its_reason(url: str, expected: str) -> None:
    assert reason(url) == expected


def test_a_url_may_be_as_long_as_allowed() -> None:
    url = "https://hooks.example.com/".ljust(MAX_URL_LENGTH, "a")
    parse_target(url, local=False)
    assert reason(url + "a") == "length"


@rows("text", NOT_PUBLIC)
def test_a_literal_address_of_the_corpus_is_refused(text: str) -> None:
    host = f"[{text}]" if ":" in text else text
    assert reason(f"https://{host}/") == "address"


@rows("host", SPELLINGS)
def test_another_spelling_of_such_an_address_is_refused(host: str) -> None:
    assert reason(f"https://{host}/") == "address"


@given(st.integers(0, 2**32 - 1).map(IPv4Address), st.data())
def test_every_spelling_getaddrinfo_takes_is_read_as_it_reads_it(
    address: IPv4Address, data: st.DataObject
) -> None:
    parts = data.draw(st.integers(1, 4))
    number, rest = int(address), 8 * (5 - parts)
    values = [number >> (32 - 8 * at) & 0xFF for at in range(1, parts)]
    values.append(number & ((1 << rest) - 1))
    forms = data.draw(st.lists(st.sampled_from(["{}", "{:#x}", "0{:o}"]), min_size=4, max_size=4))
    host = ".".join(form.format(value) for form, value in zip(forms, values, strict=False))
    [(*_, where), *_] = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    read = read_as(f"https://{host}/")
    assert read in ("address", where[0])
    assert (read == "address") == (not is_allowed(address, local=False))


def read_as(url: str) -> str:
    try:
        return parse_target(url, local=False).host
    except BadTarget as bad:
        return bad.reason


@given(st.text(max_size=40))
def test_any_text_is_a_target_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://hooks.example.com/{text}"):
        try:
            target = parse_target(url, local=True)
        except BadTarget:
            continue
        assert target.host.isascii()
        assert f"{target.authority}{target.path}".isprintable()


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000/hooks",
        "http://my_app:8080/",
        "http://127.0.0.1:1/",
        "http://2130706433:9/",
        "https://192.168.1.5/",
        "http://[::1]:3000/",
        "http://[fd12::1]/",
        "https://hooks.example.com:22/",
    ],
)
def test_local_permits_plain_http_any_port_and_the_house(url: str) -> None:
    parse_target(url, local=True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ftp://localhost/", "scheme"),
        ("http://user@localhost/", "userinfo"),
        ("http://localhost/#a", "fragment"),
        ("http://localhost:99999/", "port"),
        ("http://169.254.169.254/", "address"),
        ("http://[::ffff:127.0.0.1]/", "address"),
        ("http://[fe80::1%lo]/", "address"),
        ("http://0.0.0.0/", "address"),
        ("http://224.0.0.1/", "address"),
    ],
)
def test_local_permits_nothing_more(url: str, expected: str) -> None:
    assert reason(url, local=True) == expected


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "authority"),
    [
        ("https://A.example?b", "a.example", 443, "/?b", "a.example"),
        ("https://a.example:8443/x?", "a.example", 8443, "/x?", "a.example:8443"),
        ("https://متجر.example/", "xn--pgbep1f.example", 443, "/", "xn--pgbep1f.example"),
        ("https://faß.example/", "xn--fa-hia.example", 443, "/", "xn--fa-hia.example"),
        ("http://0x7f.1:80/", "127.0.0.1", 80, "/", "127.0.0.1"),
        ("http://[::0:1]:81/", "::1", 81, "/", "[::1]:81"),
    ],
)
def test_a_target_is_read_in_one_spelling(
    url: str, host: str, port: int, path: str, authority: str
) -> None:
    target = parse_target(url, local=True)
    assert (target.host, target.port, target.path) == (host, port, path)
    assert target.authority == authority


def test_a_refusal_says_nothing_of_the_url() -> None:
    with pytest.raises(BadTarget) as bad:
        parse_target("https://user:secret@hooks.example.com/", local=False)
    assert str(bad.value) == "userinfo"
