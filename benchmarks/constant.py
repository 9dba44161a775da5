"""Case (a): the same bytes for everybody, on uvicorn as Sijill is served. The rest is ours."""

import argparse
import socket
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import uvicorn
import uvloop


class Answer(NamedTuple):
    """What is given: headers (Date aside, which uvicorn adds) and body."""

    headers: list[tuple[str, str]]
    body: str


def app(answer: Answer) -> Any:
    """Return an ASGI application that gives `answer`, prepared once."""
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    body = {"type": "http.response.body", "body": answer.body.encode()}

    async def give(scope: Any, receive: Any, send: Any) -> None:
        await send(start)
        await send(body)

    return give


def main() -> None:
    """Serve on a free port, which is written to a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--answer", type=Path, required=True)
    parser.add_argument("--port-file", type=Path, required=True)
    options = parser.parse_args()
    answer = msgspec.json.decode(options.answer.read_bytes(), type=Answer)
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    options.port_file.write_text(str(bound.getsockname()[1]))
    config = uvicorn.Config(
        app(answer),
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    uvloop.run(uvicorn.Server(config).serve(sockets=[bound]))


if __name__ == "__main__":
    main()
