"""A bare app on the product's server: takes a request whole and sends the same answer to each.

    python -m bench.bare_app FILE

sends what the file holds, says its port, and serves until it is told to end.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from litestar import Litestar
from tests.servers import ROOT

from tradepost.platform.process import run
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.platform.web.serving import Listening, Servers

Apps = dict[int, subprocess.Popen[str]]


class Bare:
    """Sends one answer."""

    def __init__(self, body: bytes) -> None:
        self.state = SimpleNamespace(readiness=SimpleNamespace(draining=False))
        self._body = body
        size = str(len(body)).encode()
        self._headers = [(b"content-type", b"application/json"), (b"content-length", size)]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        while (await receive()).get("more_body", False):
            pass
        await send({"type": "http.response.start", "status": 201, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body, "more_body": False})


@contextmanager
def bare_apps(body: bytes, folder: Path, processes: int) -> Iterator[Apps]:
    """So many processes with the app, by their ports."""
    file = folder / "answer"
    file.write_bytes(body)
    command = [sys.executable, "-m", "bench.bare_app", str(file)]
    apps = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603
        for _ in range(processes)
    ]
    try:
        yield {int(app.stdout.readline()): app for app in apps if app.stdout is not None}
    finally:
        for app in apps:
            app.send_signal(signal.SIGTERM)
            app.communicate(timeout=30)


async def main(body: bytes) -> None:
    """Serve."""
    servers = Servers([Listening("bare", cast(Litestar, Bare(body)), 0)])

    async def started() -> None:
        sys.stdout.write(f"{servers.ports['bare']}\n")
        sys.stdout.flush()

    await servers.run(started)


if __name__ == "__main__":
    configure_logs("warning", "json")
    run(main(Path(sys.argv[1]).read_bytes()))
