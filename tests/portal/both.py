"""Portal and cell as processes of their own, and a person who works with the portal's API."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx

from tests import servers, stores
from tests.chaos.forking import SERVER
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.process import run
from tradepost.platform.settings import load
from tradepost.platform.settings.checks import OF_PORTAL
from tradepost.portal.commands import TakeOn
from tradepost.portal.domain import By, Role
from tradepost.portal.gateway.passwords import Hasher
from tradepost.portal.http.desk import PORTAL
from tradepost.wiring.portal import Portal, open_portal_store, portal_bus, serve_portal
from tradepost.wiring.running import Serving, serve

START_S_MAX = 60.0
ANSWER_S_MAX = 60.0
END_S_MAX = 20.0
PASSWORD = "a long pass phrase"
OPERATOR, OWNER = "ops@example.com", "ada@example.com"
Json = dict[str, Any]


def cell_main(environ: dict[str, str], told: Connection, log: str) -> None:
    """The whole life of a cell."""
    _log_to(log)

    async def started(ports: dict[str, int]) -> None:
        told.send(ports["provisioning API"])

    run(serve(load(environ).settings, Serving(public=False, admin=False), started))


def portal_main(environ: dict[str, str], told: Connection, log: str) -> None:
    """The whole life of a portal."""
    _log_to(log)

    async def started(_: Portal, port: int) -> None:
        told.send(port)

    run(serve_portal(load(environ, secrets=OF_PORTAL).settings, started))


def _log_to(path: str) -> None:
    kept = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(kept, number)


class Process:
    """One of the two."""

    def __init__(self, main: Any, environ: Mapping[str, str], log: Path) -> None:
        self._pipe, theirs = SERVER.Pipe()
        self._process = SERVER.Process(target=main, args=(dict(environ), theirs, str(log)))
        self._process.start()
        theirs.close()
        self.port = 0

    async def ready(self) -> Process:
        """Wait until it listens."""
        if not await asyncio.to_thread(self._pipe.poll, START_S_MAX):
            raise RuntimeError("it did not start")
        self.port = self._pipe.recv()
        return self

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int | None:
        """Send it a signal that ends it, and wait for its end."""
        assert self._process.pid is not None
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, number)
        await asyncio.to_thread(self._process.join, END_S_MAX)
        if self._process.exitcode is None:
            self._process.kill()
        return self._process.exitcode


@dataclass
class Pair:
    """A portal and a cell, each with a store of its own, started and ended as a test likes."""

    folder: Path
    cell_urls: tuple[str, str, str] | None = None
    portal_url: str | None = None
    cell_port: int = field(default_factory=servers.free_port)
    cell_seen_at: int = 0
    """The port at which the portal believes the cell to be: its own, or a line's."""
    more: dict[str, str] = field(default_factory=dict)

    def environ(self, **more: str) -> dict[str, str]:
        """The settings of both."""
        told = {"PROFILE": "production", "DATA_DIR": str(self.folder / "cell"), "LOG_LEVEL": "info"}
        told |= {"CELL_NAME": "main", "PROVISIONING_PORT": str(self.cell_port)}
        seen = self.cell_seen_at or self.cell_port
        told |= {"CELLS": f"main=http://127.0.0.1:{seen}", "PORTAL_PORT": "0"}
        told |= {f"{name}_SECRET": f"{name:x<40}" for name in _NAMES}
        if self.cell_urls is not None:
            _, app, relay = self.cell_urls
            told |= {"DATABASE_URL": app, "RELAY_DATABASE_URL": relay}
        if self.portal_url is not None:
            told["PORTAL_DATABASE_URL"] = self.portal_url
        told |= self.more | more
        return {f"TRADEPOST_{name}": text for name, text in told.items()}

    def portal_environ(self, **more: str) -> dict[str, str]:
        """As ``environ``, with a data folder of the portal's own."""
        return self.environ(DATA_DIR=str(self.folder / "portal"), **more)

    @property
    def log(self) -> Path:
        """What both have said."""
        return self.folder / "log"

    @asynccontextmanager
    async def cell(self, **more: str) -> AsyncIterator[Process]:
        """A cell, ended with the block."""
        async with _living(Process(cell_main, self.environ(**more), self.log)) as process:
            yield process

    @asynccontextmanager
    async def portal(self, **more: str) -> AsyncIterator[Process]:
        """A portal, ended with the block."""
        process = Process(portal_main, self.portal_environ(**more), self.log)
        async with _living(process):
            yield process


_NAMES = ("PUBLIC", "ADMIN", "SERVICE", "PORTAL", "CURSOR", "VAULT")


@asynccontextmanager
async def _living(process: Process) -> AsyncIterator[Process]:
    try:
        yield await process.ready()
    finally:
        await process.end()


async def made(folder: Path, kind: str, postgres_url: str | None) -> Pair:
    """Two fresh stores, an operator and an owner, and no process yet."""
    pair = Pair(folder)
    if kind == "postgresql":
        assert postgres_url is not None
        pair.cell_urls = await stores.postgres_database(postgres_url)
        pair.portal_url = await servers.create_database(postgres_url)
    else:
        store = await stores.sqlite_store(folder / "cell" / "store.sqlite")
        await store.close()
    await _take_on(pair)
    return pair


async def _take_on(pair: Pair) -> None:
    settings = load(pair.portal_environ(), secrets=OF_PORTAL).settings
    store = await open_portal_store(settings)
    hasher = Hasher()
    bus, kept = portal_bus(store), await hasher.hash(PASSWORD)
    here = By(None, "tests", operator=True)
    for email, role in ((OPERATOR, Role.OPERATOR), (OWNER, Role.OWNER)):
        wish = TakeOn(who=here, email=email, name=role.value, role=role, password_hash=kept)
        await bus.send(Scope(PORTAL, SYSTEM), wish)
    hasher.close()
    await store.close()


@dataclass
class Person:
    """Somebody who works with the portal's JSON API."""

    client: httpx.AsyncClient

    async def ask(self, method: str, place: str, body: Json | None = None) -> Json:
        """One request that has to go well."""
        answer = await self.client.request(method, f"/api/v1{place}", json=body)
        assert answer.status_code < 300, answer.text
        told: Json = answer.json()
        return told

    async def register(self, code: str, **more: str) -> Json:
        """A new draft."""
        said = {"code": code, "name": f"House of {code}", "default_currency": "GBP"}
        said |= {"owner_email": OWNER, "owner_name": "Ada", "cell": "main"}
        return await self.ask("POST", "/tenants", said | more)

    async def look(self, told: Json) -> Json:
        """A tenant as it is now."""
        return await self.ask("GET", f"/tenants/{told['tenant']['id']}")

    async def step(self, told: Json, action: str, reason: str = "") -> Json:
        """Wish a step, on top of what the tenant is now."""
        now = await self.look(told)
        said = {"version": now["tenant"]["version"], "reason": reason}
        return await self.ask("POST", f"/tenants/{told['tenant']['id']}/steps/{action}", said)

    async def until(self, told: Json, state: str, problem: str | None = None) -> Json:
        """Wait until nothing is open and the tenant is in a state; or until a problem is told."""
        now = told
        async with asyncio.timeout(ANSWER_S_MAX):
            while True:
                now = await self.look(told)
                is_open = any(call["state"] == "open" for call in now["calls"])
                if problem is None and now["tenant"]["state"] == state and not is_open:
                    return now
                if problem is not None and any(one["problem"] == problem for one in now["calls"]):
                    assert now["tenant"]["state"] == state
                    return now
                await asyncio.sleep(0.05)


@asynccontextmanager
async def person(port: int, email: str = OPERATOR) -> AsyncIterator[Person]:
    """Somebody, signed in."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        said = {"email": email, "password": PASSWORD}
        answer = await client.post("/api/v1/sign-in", json=said)
        assert answer.status_code == 200, answer.text
        client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield Person(client)
