"""The load: 32 connections that ask as fast as they are answered, with wrk or without."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from benchmarks.servers import Server

CONNECTIONS = 32

_SCRIPT = Path(__file__).with_name("wrk.lua")


class Shot(msgspec.Struct, frozen=True):
    """The result of one load. Units: `seconds`; latencies `p50` and `p99` in microseconds."""

    requests: int
    seconds: float
    p50: int
    p99: int
    refused: int
    """Answers that are no success."""
    broken: int
    """Connections that failed, and answers that took too long."""

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return self.requests / self.seconds


def tool() -> str:
    """Return what makes the load: wrk where it is installed, else a slower client of our own."""
    return "wrk" if shutil.which("wrk") else "python"


def fire(
    server: Server, paths: Path, seconds: int, connections: int = CONNECTIONS, rest: int = 0
) -> Shot:
    """
    Ask a server for paths of a file, drawn at random, for so many seconds.

    Lines of a file that begin with `POST `, `PUT ` or `DELETE ` are paths to which new customers
    are written, of customers that are changed, and of customers that are deleted: each once, so
    there must be more of them than the server can delete.

    Each connection rests so many milliseconds between an answer and its next request.

    Raises: SystemExit unless every answer is a success, or if it should rest and wrk is not here.
    """
    url, token = f"http://127.0.0.1:{server.port}", f"Authorization: Bearer {server.token}"
    if tool() == "wrk":
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
        command += ["-s", str(_SCRIPT), "-H", token, url, "--", str(paths)]
        command += [str(rest)] if rest else []
    elif rest:
        raise SystemExit("benchmarks: a load with rests needs wrk")
    else:
        command = [sys.executable, "-m", "benchmarks.client", str(server.port), server.token]
        command += [str(paths), str(seconds), str(connections)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=seconds + 30
    )
    line = next((line for line in done.stdout.splitlines() if line.startswith("{")), "")
    if done.returncode or not line:
        raise SystemExit(f"benchmarks: the load failed:\n{done.stdout}{done.stderr}")
    shot = msgspec.json.decode(line, type=Shot)
    if shot.refused or shot.broken:
        raise SystemExit(
            f"benchmarks: {server.name}: {shot.refused} answers were no success and "
            f"{shot.broken} connections failed, of {shot.requests} requests"
        )
    return shot
