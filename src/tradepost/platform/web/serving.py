"""Several apps in one process, each on a port of its own, ended together and in good order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog
import uvicorn
from litestar import Litestar

from tradepost.platform.wake import rest
from tradepost.platform.web.protocol import DoorProtocol
from tradepost.platform.web.socket_protocol import socket_options

KEEP_ALIVE_S = 30
BACKLOG = 1024
_log = structlog.get_logger("tradepost.web")


class PortInUse(RuntimeError):
    """A port is taken; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Listening:
    """An app and where it listens; port 0 takes a free one."""

    name: str
    app: Litestar
    port: int
    host: str = "127.0.0.1"


class _Server(uvicorn.Server):
    """A server that leaves the signals to the process that runs it."""

    cut_off = False
    """Whether it ended with requests unanswered."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, and know whether somebody was cut off by it."""
        await super().shutdown(sockets)
        self.cut_off = self.force_exit or bool(self.server_state.tasks)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Servers:
    """The servers of one process. Ports are taken at once, so that a taken one is told early."""

    def __init__(
        self,
        places: Sequence[Listening],
        *,
        drain_seconds_max: int = 10,
        leave_seconds_min: int = 0,
    ) -> None:
        self.cut_off = False
        """Whether it ended by a second signal, or with requests that did not come to their end."""
        self._places = places
        self._drain_seconds = drain_seconds_max
        self._leave_seconds = leave_seconds_min
        self._sockets: list[socket.socket] = []
        try:
            for place in places:
                self._sockets.append(_bound(place))
        except PortInUse:
            self._close()
            raise
        self._ending = asyncio.Event()
        self._at_once = asyncio.Event()

    @property
    def ports(self) -> dict[str, int]:
        """The port of each app by its name."""
        pairs = zip(self._places, self._sockets, strict=True)
        return {place.name: taken.getsockname()[1] for place, taken in pairs}

    def end(self) -> None:
        """Begin to end: not ready any more, then drain, then stop."""
        self._ending.set()

    async def run(self, started: Callable[[], Awaitable[None]] | None = None) -> None:
        """Serve until :meth:`end`, SIGTERM or SIGINT; a second signal ends at once."""
        servers = [self._server(place) for place in self._places]
        with self._signals(servers):
            pairs = zip(servers, self._sockets, strict=True)
            tasks = [asyncio.create_task(server.serve([taken])) for server, taken in pairs]
            await _all_started(servers, tasks)
            _log.info("serving", **self.ports)
            if started is not None:
                await started()
            ending = asyncio.create_task(self._ending.wait())
            await asyncio.wait([ending, *tasks], return_when=asyncio.FIRST_COMPLETED)
            ending.cancel()
            for place in self._places:
                place.app.state.readiness.draining = True
            await self._left_alone()
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*tasks)
            self.cut_off = self._at_once.is_set() or any(server.cut_off for server in servers)
        _log.info("ended")

    async def _left_alone(self) -> None:
        """Answer as before until balancers have seen that this process is not ready any more."""
        await rest(self._at_once, self._leave_seconds)

    def _server(self, place: Listening) -> _Server:
        config = uvicorn.Config(
            place.app,
            http=DoorProtocol,
            **socket_options(),
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=self._drain_seconds,
            backlog=BACKLOG,
        )
        return _Server(config)

    @contextlib.contextmanager
    def _signals(self, servers: Sequence[_Server]) -> Iterator[None]:
        loop = asyncio.get_running_loop()

        def asked() -> None:
            if self._ending.is_set():
                self._at_once.set()
                for server in servers:
                    server.force_exit = True
            self._ending.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(ValueError, RuntimeError):
                loop.add_signal_handler(number, asked)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                with contextlib.suppress(ValueError, RuntimeError):
                    loop.remove_signal_handler(number)

    def _close(self) -> None:
        for taken in self._sockets:
            taken.close()


def check_ports(*places: tuple[str, str, int]) -> None:
    """See that names, hosts and ports can be listened on, before long work is begun.

    :raises PortInUse: with what to do about it.
    """
    for name, host, port in places:
        _taken(name, host, port).close()


def _bound(place: Listening) -> socket.socket:
    return _taken(place.name, place.host, place.port)


def _taken(name: str, host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        raise PortInUse(_explained(name, host, port, error)) from error
    taken.setblocking(False)
    return taken


def _explained(name: str, host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"The {name} cannot listen on {host}:{port}: the port is in use. "
            f"Stop the program that uses it, or choose another port for the {name}."
        )
    if error.errno == errno.EACCES:
        return (
            f"The {name} may not listen on {host}:{port}. Choose a port above 1023 for the {name}."
        )
    return f"The {name} cannot listen on {host}:{port}: {error.strerror}."


async def _all_started(servers: Sequence[_Server], tasks: Sequence[asyncio.Task[None]]) -> None:
    while not all(server.started for server in servers):
        for task in tasks:
            if task.done():
                task.result()
                raise RuntimeError("a server ended before it had started")
        await asyncio.sleep(0.01)
