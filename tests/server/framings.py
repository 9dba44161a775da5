"""
Framings of requests, odd and plain, and what becomes of them.

A framing is bytes as a client may send them. Its outcome is a list: the requests that are parsed,
each as method, target and body, and then how it ends: REFUSED, or OPEN if more has to come, or
neither.
"""

from typing import NamedTuple

REFUSED, OPEN = "refused", "open"

Outcome = list[object]

AFTER = b"GET /after HTTP/1.1\r\n\r\n"
"""A request behind the framing: where the two are told apart wrongly, it is missing or doubled."""

AFTER_REQUEST = ("GET", "/after", b"")


class Framing(NamedTuple):
    name: str
    data: bytes
    outcome: Outcome


def head(*lines: bytes, line: bytes = b"POST /a HTTP/1.1") -> bytes:
    return b"".join(part + b"\r\n" for part in (line, b"Host: h", *lines, b""))


def refused(name: str, data: bytes) -> Framing:
    return Framing(name, data + AFTER, [REFUSED])


def read(name: str, data: bytes, body: bytes = b"", *, method: str = "POST") -> Framing:
    return Framing(name, data + AFTER, [(method, "/a", body), AFTER_REQUEST])


def shown(value: bytes) -> str:
    return value.decode("latin-1").encode("unicode_escape").decode()


# The length

_BAD_LENGTHS = [
    b"",
    b" ",
    b"+5",
    b"-5",
    b"0x5",
    b"5a",
    b"a5",
    b"5.0",
    b"5e0",
    b"1_0",
    b"5 5",
    b"5,5",
    b"5, 5",
    b"5;",
    b"=5",
    b'"5"',
    b"5\x00",
    b"\x005",
    b"5\x0b",
    b"\x0c5",
    "٥".encode(),
    b"\xb5",
    b"5\r5",
    b"5\n5",
    b"99999999999999999999",
    b"18446744073709551616",
    b"0x",
    b"NaN",
    b"5 \x00",
]
_LENGTHS = [
    *(
        refused(f"length {shown(v)}", head(b"Content-Length: " + v) + b"hello")
        for v in _BAD_LENGTHS
    ),
    read("length 5", head(b"Content-Length: 5") + b"hello", b"hello"),
    read("length 5 without a blank", head(b"Content-Length:5") + b"hello", b"hello"),
    read("length 5 among blanks", head(b"Content-Length: \t 5 \t ") + b"hello", b"hello"),
    read("length 005", head(b"Content-Length: 005") + b"hello", b"hello"),
    read("length in capitals", head(b"CONTENT-LENGTH: 5") + b"hello", b"hello"),
    read("length 0", head(b"Content-Length: 0")),
    read("no length", head()),
    read(
        "length of a GET",
        head(b"Content-Length: 5", line=b"GET /a HTTP/1.1") + b"hello",
        b"hello",
        method="GET",
    ),
    read("a request as a body", head(b"Content-Length: %d" % len(AFTER)) + AFTER, AFTER),
    read("empty lines as a body", head(b"Content-Length: 8") + b"\r\n" * 4, b"\r\n" * 4),
    refused("two equal lengths", head(b"Content-Length: 5", b"Content-Length: 5") + b"hello"),
    refused("two lengths", head(b"Content-Length: 5", b"Content-Length: 6") + b"hello"),
    refused(
        "two lengths, one of them 0", head(b"Content-Length: 0", b"Content-Length: 5") + b"hello"
    ),
    refused("blank before the colon of the length", head(b"Content-Length : 5") + b"hello"),
    refused("tab before the colon of the length", head(b"Content-Length\t: 5") + b"hello"),
    refused("blank within the name of the length", head(b"Content Length: 5") + b"hello"),
    Framing("a length that is not reached", head(b"Content-Length: 50") + b"hello", [OPEN]),
]

# The coding

_CHUNKED = head(b"Transfer-Encoding: chunked")
_CHUNKS = b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
_BAD_CODINGS = [
    b"xchunked",
    b"chunkedx",
    b"chunk",
    b"identity",
    b"gzip",
    b"chunked, identity",
    b"chunked, gzip",
    b"chunked;q=1",
    b'"chunked"',
    b"'chunked'",
    b"\x0bchunked",
    b"chunked\x0b",
    b"\x00chunked",
    b"chunked\x00",
    b"chunked\r",
    b"chu nked",
    b"chunked chunked",
    b"chunked, chunked",
    b"chunked,",
    b"\xa0chunked",
    "ｃhunked".encode(),
    b"[chunked]",
    b"chunked:",
    b"Chunked-ish",
]
_CODINGS = [
    *(
        refused(f"coding {shown(v)}", head(b"Transfer-Encoding: " + v) + _CHUNKS)
        for v in _BAD_CODINGS
    ),
    read("chunked", _CHUNKED + _CHUNKS, b"hello"),
    read("chunked in capitals", head(b"TRANSFER-ENCODING: CHUNKED") + _CHUNKS, b"hello"),
    read("chunked behind blanks", head(b"Transfer-Encoding:\t chunked") + _CHUNKS, b"hello"),
    refused("chunked before blanks", head(b"Transfer-Encoding: chunked \t") + _CHUNKS),
    refused(
        "length and coding", head(b"Content-Length: 5", b"Transfer-Encoding: chunked") + _CHUNKS
    ),
    refused(
        "coding and length", head(b"Transfer-Encoding: chunked", b"Content-Length: 5") + _CHUNKS
    ),
    refused(
        "coding and length 0", head(b"Transfer-Encoding: chunked", b"Content-Length: 0") + _CHUNKS
    ),
    refused(
        "length and a wrong coding", head(b"Content-Length: 5", b"Transfer-Encoding: x") + b"hello"
    ),
    refused(
        "chunked twice",
        head(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked") + _CHUNKS,
    ),
    refused(
        "chunked and identity",
        head(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity") + _CHUNKS,
    ),
    refused("coding with a blank before its colon", head(b"Transfer-Encoding : chunked") + _CHUNKS),
    refused("coding on a folded line", head(b"Transfer-Encoding:", b" chunked") + _CHUNKS),
    Framing(
        "chunked of HTTP/1.0",
        head(b"Transfer-Encoding: chunked", line=b"POST /a HTTP/1.0") + _CHUNKS + AFTER,
        [("POST", "/a", b"hello")],
    ),
]

# Chunks

_BAD_CHUNKS = {
    "no size": b"\r\nhello\r\n0\r\n\r\n",
    "size with 0x": b"0x5\r\nhello\r\n0\r\n\r\n",
    "signed size": b"+5\r\nhello\r\n0\r\n\r\n",
    "negative size": b"-5\r\nhello\r\n0\r\n\r\n",
    "size that is no number": b"g\r\nhello\r\n0\r\n\r\n",
    "size with an h": b"5h\r\nhello\r\n0\r\n\r\n",
    "blank before the size": b" 5\r\nhello\r\n0\r\n\r\n",
    "blank behind the size": b"5 \r\nhello\r\n0\r\n\r\n",
    "tab behind the size": b"5\t\r\nhello\r\n0\r\n\r\n",
    "blank before an extension": b"5 ;a\r\nhello\r\n0\r\n\r\n",
    "size with an underscore": b"0_5\r\nhello\r\n0\r\n\r\n",
    "size in Arabic digits": "٥\r\nhello\r\n0\r\n\r\n".encode(),
    "size beyond 64 bits": b"10000000000000005\r\nhello\r\n0\r\n\r\n",
    "size beyond every bound": b"f" * 64 + b"\r\nhello\r\n0\r\n\r\n",
    "LF behind the size": b"5\nhello\r\n0\r\n\r\n",
    "CR behind the size": b"5\rhello\r\n0\r\n\r\n",
    "LF behind the data": b"5\r\nhello\n0\r\n\r\n",
    "CR behind the data": b"5\r\nhello\r0\r\n\r\n",
    "nothing behind the data": b"5\r\nhello0\r\n\r\n",
    "data longer than its size": b"5\r\nhello!!\r\n0\r\n\r\n",
    "data shorter than its size": b"6\r\nhello\r\n0\r\n\r\n",
    "LF behind the last size": b"5\r\nhello\r\n0\n\r\n",
    "LF in an extension": b"5;a\nhello\r\n0\r\n\r\n",
    "CR in an extension": b"5;a\rb\r\nhello\r\n0\r\n\r\n",
    "NUL in an extension": b"5;a\x00\r\nhello\r\n0\r\n\r\n",
    "LF in a quoted extension": b'5;a="b\nc"\r\nhello\r\n0\r\n\r\n',
    "quoted extension without an end": b'5;a="b\r\nhello\r\n0\r\n\r\n',
    "comma for a semicolon": b"5,a\r\nhello\r\n0\r\n\r\n",
    "length in a trailer": b"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n",
    "coding in a trailer": b"5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "trailer without a colon": b"5\r\nhello\r\n0\r\nTrailer\r\n\r\n",
    "folded trailer": b"5\r\nhello\r\n0\r\nA: b\r\n c\r\n\r\n",
    "NUL in a trailer": b"5\r\nhello\r\n0\r\nA: \x00\r\n\r\n",
    "LF in a trailer": b"5\r\nhello\r\n0\r\nA: b\nC: d\r\n\r\n",
    "LF at the end of the trailers": b"5\r\nhello\r\n0\r\nA: b\r\n\n",
}
_GOOD_CHUNKS = {
    "one chunk": b"5\r\nhello\r\n0\r\n\r\n",
    "a byte a chunk": b"".join(b"1\r\n%c\r\n" % letter for letter in b"hello") + b"0\r\n\r\n",
    "size with zeros": b"0005\r\nhello\r\n000\r\n\r\n",
    "extension": b"5;a\r\nhello\r\n0\r\n\r\n",
    "extension with a value": b"5;a=b\r\nhello\r\n0\r\n\r\n",
    "extension with a quoted value": b'5;a="b;c"\r\nhello\r\n0\r\n\r\n',
    "extensions": b"5;a;b=c;d\r\nhello\r\n0;last\r\n\r\n",
    "trailer": b"5\r\nhello\r\n0\r\nA: b\r\n\r\n",
    "trailers that look like a head": b"5\r\nhello\r\n0\r\nHost: b\r\nAuthorization: b\r\n\r\n",
}
_CHUNK_FRAMINGS = [
    *(refused(name, _CHUNKED + data) for name, data in _BAD_CHUNKS.items()),
    *(read(name, _CHUNKED + data, b"hello") for name, data in _GOOD_CHUNKS.items()),
    read("no chunk but the last", _CHUNKED + b"0\r\n\r\n"),
    read("size in hexadecimal", _CHUNKED + b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    read(
        "empty lines as a chunk", _CHUNKED + b"8\r\n" + b"\r\n" * 4 + b"\r\n0\r\n\r\n", b"\r\n" * 4
    ),
    read("the last chunk as a chunk", _CHUNKED + b"5\r\n0\r\n\r\n\r\n0\r\n\r\n", b"0\r\n\r\n"),
    read("a request as a chunk", _CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(AFTER), AFTER), AFTER),
    Framing("no last chunk", _CHUNKED + b"5\r\nhello\r\n", [OPEN]),
    Framing("no end of the trailers", _CHUNKED + b"5\r\nhello\r\n0\r\nA: b\r\n", [OPEN]),
]

# Lines of the head

_BAD_LINES = {
    "no colon": b"A",
    "no name": b": b",
    "blank in a name": b"A B: c",
    "blank before the colon": b"A : b",
    "tab before the colon": b"A\t: b",
    "NUL in a name": b"A\x00: b",
    "NUL in a value": b"A: b\x00c",
    "LF in a name": b"A\nB: c",
    "LF in a value": b"A: b\nC: d",
    "CR in a value": b"A: b\rC: d",
    "CR before the end": b"A: b\r",
    "two CR": b"A: b\r\r",
    "folded by a blank": b"A: b\r\n c",
    "folded by a tab": b"A: b\r\n\tc",
    "a line of blanks": b"   ",
    "parenthesis in a name": b"A(: b",
    "quote in a name": b'"A": b',
    "slash in a name": b"A/B: c",
    "at sign in a name": b"A@B: c",
    "letter beyond ASCII in a name": "Ä: b".encode(),
    "control character in a name": b"A\x01: b",
    "vertical tab in a value": b"A: b\x0bc",
    "form feed in a value": b"A: b\x0cc",
    "bell in a value": b"A: b\x07c",
    "DEL in a value": b"A: b\x7fc",
}
_GOOD_LINES = {
    "empty value": b"A:",
    "blanks alone as a value": b"A: \t ",
    "no blank behind the colon": b"A:b",
    "tab in a value": b"A: b\tc",
    "letters beyond ASCII in a value": "A: سجل".encode(),
    "every mark that a name may have": b"!#$%&'*+-.^_`|~09azAZ: b",
    "colons in a value": b"A: b: c::",
    "a name twice": b"A: b\r\nA: c",
    "a long value": b"A: " + b"b" * 500,
}
_LINES = [
    *(refused(name, head(line)) for name, line in _BAD_LINES.items()),
    *(read(name, head(line)) for name, line in _GOOD_LINES.items()),
    refused("a folded first line", b"GET /a HTTP/1.1\r\n Host: h\r\n\r\n"),
    refused("LF for every line end", b"GET /a HTTP/1.1\nHost: h\n\n"),
    refused("LF behind the request line", b"GET /a HTTP/1.1\nHost: h\r\n\r\n"),
    refused("LF at the end of the head", b"GET /a HTTP/1.1\r\nHost: h\r\n\n"),
    refused("CR for every line end", b"GET /a HTTP/1.1\rHost: h\r\r"),
    refused("LF CR for line ends", b"GET /a HTTP/1.1\n\rHost: h\n\r\n\r"),
    read("no header at all", b"GET /a HTTP/1.1\r\n\r\n", method="GET"),
    read("an empty line before it", b"\r\n" + head()),
    read("empty lines before it", b"\r\n\r\n\r\n" + head()),
    Framing("no end of the head", b"GET /a HTTP/1.1\r\nHost: h\r\n", [OPEN]),
    Framing("nothing", b"", []),
    Framing("empty lines alone", b"\r\n\r\n", []),
]

# The request line

_BAD_REQUEST_LINES = [
    b"get /a HTTP/1.1",
    b"Get /a HTTP/1.1",
    b"FOO /a HTTP/1.1",
    b"GE /a HTTP/1.1",
    b"GETT /a HTTP/1.1",
    b" GET /a HTTP/1.1",
    b"\tGET /a HTTP/1.1",
    b"GET\t/a HTTP/1.1",
    b"GET /a\tHTTP/1.1",
    b"GET /a",
    b"GET",
    b"GET  HTTP/1.1",
    b"/a HTTP/1.1",
    b"HTTP/1.1 200 OK",
    b"GET /a http/1.1",
    b"GET /a HTTP/1.2",
    b"GET /a HTTP/2.0",
    b"GET /a HTTP/3.0",
    b"GET /a HTTP/1.10",
    b"GET /a HTTP/11.1",
    b"GET /a HTTP/1",
    b"GET /a HTTP/1.",
    b"GET /a HTTP/.1",
    b"GET /a HTTP/1,1",
    b"GET /a HTTP/+1.1",
    b"GET /a HTTP/1.1x",
    b"GET /a HTP/1.1",
    b"GET /a FTP/1.1",
    b"GET /a b HTTP/1.1",
    b"GET /a\x00 HTTP/1.1",
    b"GET /a\x01 HTTP/1.1",
    b"GET /a\x7f HTTP/1.1",
    b"GET a HTTP/1.1",
    b"GET ../a HTTP/1.1",
    b"GET http:// HTTP/1.1",
    b"GET http://h HTTP/1.1",
    b"GET h:443 HTTP/1.1",
    b"CONNECT h:443 HTTP/1.1",
    b"CONNECT /a HTTP/1.1",
    b"PRI * HTTP/2.0",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"SSH-2.0-x",
    b"\xffGET /a HTTP/1.1",
    b"GET /a HTTP/1.1\xff",
    "ＧET /a HTTP/1.1".encode(),
    b"{}",
    b"<policy-file-request/>",
    b"GET /a\rb HTTP/1.1",
    b"GET /a HTTP/1.1 ",
    b"GET\x00/a HTTP/1.1",
    b"GET\xa0/a HTTP/1.1",
]
_TARGETS = {
    b"/a?b=c": "/a?b=c",
    b"/a?b=c?d": "/a?b=c?d",
    b"/a%2Fb": "/a%2Fb",
    b"/a#b": "/a",
    b"//a": "//a",
    b"/../a": "/../a",
    b"/a;b=c,d": "/a;b=c,d",
    b'/a[]{}|^`\\"<>': '/a[]{}|^`\\"<>',
    b"http://h/a": "/a",
    b"http://h/a?b": "/a?b",
    b"https://h:8466/a": "/a",
    "/سجل".encode(): "/%D8%B3%D8%AC%D9%84",
    "/a?b=سجل".encode(): "/a?b=%D8%B3%D8%AC%D9%84",
    b"/\xff": "/%FF",
    b"/" + b"a" * 200: "/" + "a" * 200,
}
_METHODS = [b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"PURGE"]
_REQUEST_LINES = [
    *(refused(f"line {shown(line)}", line + b"\r\nHost: h\r\n\r\n") for line in _BAD_REQUEST_LINES),
    *(
        Framing(
            f"target {shown(sent)}",
            head(line=b"GET %b HTTP/1.1" % sent) + AFTER,
            [("GET", target, b""), AFTER_REQUEST],
        )
        for sent, target in _TARGETS.items()
    ),
    *(
        read(f"method {shown(m)}", head(line=m + b" /a HTTP/1.1"), method=m.decode())
        for m in _METHODS
    ),
]

# The connection, and what comes behind

_BEHIND = [
    Framing("close", head(b"Connection: close") + AFTER, [("POST", "/a", b"")]),
    Framing("close among others", head(b"Connection: x, close") + AFTER, [("POST", "/a", b"")]),
    Framing(
        "close with a body",
        head(b"Connection: close", b"Content-Length: 5") + b"hello" + AFTER,
        [("POST", "/a", b"hello")],
    ),
    Framing("HTTP/1.0", head(line=b"POST /a HTTP/1.0") + AFTER, [("POST", "/a", b"")]),
    Framing(
        "HTTP/1.0 that stays",
        head(b"Connection: keep-alive", line=b"POST /a HTTP/1.0") + AFTER,
        [("POST", "/a", b"")],
    ),
    read("keep-alive", head(b"Connection: keep-alive")),
    read("upgrade to h2c", head(b"Connection: Upgrade", b"Upgrade: h2c")),
    read("upgrade to websocket", head(b"Connection: Upgrade", b"Upgrade: websocket")),
    read(
        "upgrade with a body",
        head(b"Connection: Upgrade", b"Upgrade: h2c", b"Content-Length: 5") + b"hello",
        b"hello",
    ),
    read(
        "upgrade with chunks",
        head(b"Connection: Upgrade", b"Upgrade: h2c", b"Transfer-Encoding: chunked") + _CHUNKS,
        b"hello",
    ),
    read("upgrade that is not asked for", head(b"Upgrade: h2c")),
    read("expectation", head(b"Expect: 100-continue", b"Content-Length: 5") + b"hello", b"hello"),
    Framing("a pipeline", AFTER * 5, [AFTER_REQUEST] * 5),
    Framing("empty lines in a pipeline", AFTER + b"\r\n\r\n" + AFTER, [AFTER_REQUEST] * 2),
    Framing(
        "bodies in a pipeline",
        (head(b"Content-Length: 5") + b"hello") * 3,
        [("POST", "/a", b"hello")] * 3,
    ),
    Framing("chunks in a pipeline", (_CHUNKED + _CHUNKS) * 3, [("POST", "/a", b"hello")] * 3),
    Framing(
        "a good one before a bad one", AFTER + b"get\r\n\r\n" + AFTER, [AFTER_REQUEST, REFUSED]
    ),
    Framing(
        "bytes behind a length",
        head(b"Content-Length: 5") + b"hello!" + AFTER,
        [("POST", "/a", b"hello"), REFUSED],
    ),
    Framing(
        "bytes behind the last chunk",
        _CHUNKED + _CHUNKS + b"!" + AFTER,
        [("POST", "/a", b"hello"), REFUSED],
    ),
]

FRAMINGS = [*_LENGTHS, *_CODINGS, *_CHUNK_FRAMINGS, *_LINES, *_REQUEST_LINES, *_BEHIND]
