"""A process with room for two: the rest wait a moment or are told to come back, at no cost."""

from __future__ import annotations

import asyncio
import json
import select
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.web.test_sockets import Serving, body_of, start, status_of
from tradepost.platform.web.gathering import SMALL_BYTES

WAIT_MS = 1200
BODIES_BYTES = 400_000
SLOW = b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n"
"""Takes a second."""
SLOWER = SLOW.replace(b"/slow", b"/slower")
"""Takes three."""


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    """Works on two requests at once, lets two wait."""
    started = start(f"room=2,2,{WAIT_MS},{BODIES_BYTES}", log=subprocess.DEVNULL)
    yield started
    started.process.terminate()
    assert started.process.wait(20) == 0
    started.process.communicate()


def post(serving: Serving, body: bytes, declared: int | None = None) -> bytes:
    """The bytes of a request that adds a thing."""
    size = len(body) if declared is None else declared
    return (
        b"POST /things HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        b"idempotency-key: 6f1f0d1e-7f0c-4a57-9c0b-0d1f3f6a9b11\r\n"
        b"x-tenant: %b\r\ncontent-length: %d\r\n\r\n%b" % (serving.code.encode(), size, body)
    )


def opened(serving: Serving, stack: ExitStack, raw: bytes) -> socket.socket:
    """A connection on which something was sent."""
    address = ("127.0.0.1", serving.ports["public"])
    line = stack.enter_context(socket.create_connection(address, timeout=10))
    line.sendall(raw)
    return line


def answered(line: socket.socket) -> bytes:
    """One whole answer."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += line.recv(65_536)
    head, _, body = got.partition(b"\r\n\r\n")
    (size,) = (int(one[16:]) for one in head.split(b"\r\n") if one.startswith(b"content-length:"))
    while len(body) < size:
        body += line.recv(65_536)
    return head + b"\r\n\r\n" + body


def header(answer: bytes, name: str) -> str:
    """A header of an answer."""
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    found = [line.partition(": ")[2] for line in lines if line.startswith(f"{name}: ")]
    assert len(found) == 1, (name, lines)
    return found[0]


def settle(serving: Serving) -> None:
    """Wait until the process calls itself ready again."""
    until = time.monotonic() + 10
    while httpx.get(serving.url("/health/ready")).status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.05)


def figure(serving: Serving, name: str) -> float:
    """One figure of the public app."""
    text = httpx.get(serving.url("/metrics", "admin")).text
    found = [line.split()[-1] for line in text.splitlines() if line.startswith(name)]
    return sum(map(float, found))


def is_refused(answer: bytes) -> None:
    """It is the whole answer of somebody who is to come back."""
    told = body_of(answer)
    assert (status_of(answer), told["code"]) == (503, "platform.too_busy")
    assert 1 <= int(header(answer, "retry-after")) <= 3
    assert header(answer, "retry-after") == str(told["retry_after_s"])
    assert told["request_id"] == header(answer, "x-request-id")
    assert header(answer, "content-type") == "application/problem+json"
    assert header(answer, "x-content-type-options") == "nosniff"
    assert "no-store" in header(answer, "cache-control")


def nothing_yet(lines: list[socket.socket]) -> None:
    """Nobody of these is answered."""
    assert select.select(lines, [], [], 0)[0] == []


def test_who_is_one_too_many_is_told_at_once_and_health_stays_true(serving: Serving) -> None:
    settle(serving)
    before = figure(serving, 'tradepost_requests_turned_away_total{app="public"}')
    with ExitStack() as stack:
        inside = [opened(serving, stack, SLOWER) for _ in range(2)]
        time.sleep(0.2)
        began = time.monotonic()
        waiting = [opened(serving, stack, SLOW) for _ in range(2)]
        time.sleep(0.1)
        line = opened(serving, stack, SLOW)
        is_refused(answered(line))
        assert httpx.get(serving.url("/health/live")).status_code == 200
        ready = httpx.get(serving.url("/health/ready"))
        assert ready.status_code == 503 and ready.json()["checks"]["process"] == "overloaded"
        nothing_yet(inside + waiting)
        for one in waiting:
            is_refused(answered(one))
        assert (time.monotonic() - began) * 1000 > WAIT_MS * 0.9
        nothing_yet(inside)
        assert [status_of(answered(one)) for one in inside] == [200, 200]
        line.sendall(SLOW)
        assert status_of(answered(line)) == 200, "the same connection, when there is room"
    settle(serving)
    after = figure(serving, 'tradepost_requests_turned_away_total{app="public"}')
    assert after - before == 3


def test_a_change_is_refused_before_its_body_is_looked_at(serving: Serving) -> None:
    settle(serving)
    with ExitStack() as stack:
        inside = [opened(serving, stack, SLOWER) for _ in range(4)][:2]
        time.sleep(0.3)
        named = post(serving, b"not even json").replace(
            b"\r\n\r\n", b"\r\nx-request-id: mine-for-sure\r\n\r\n", 1
        )
        line = opened(serving, stack, named)
        first = answered(line)
        is_refused(first)
        assert header(first, "x-request-id") == "mine-for-sure"
        line.sendall(post(serving, b"{", declared=100))
        is_refused(answered(line))
        line.sendall(b"x" * 99)  # the rest of what nobody wanted
        assert [status_of(answered(one)) for one in inside] == [200, 200]
        line.sendall(SLOW)
        assert status_of(answered(line)) == 200


def test_bodies_that_drip_take_no_room(serving: Serving) -> None:
    settle(serving)
    with ExitStack() as stack:
        lines = [opened(serving, stack, post(serving, b"{", declared=50)) for _ in range(20)]
        time.sleep(0.2)
        for line in lines:
            line.sendall(b" ")
        told = httpx.get(serving.url("/slow"))
        assert told.status_code == 200
        assert {status_of(answered(line)) for line in lines} == {408}


def test_bodies_of_many_have_a_limit_together(serving: Serving) -> None:
    settle(serving)
    turned_away = 'tradepost_requests_turned_away_total{app="public"}'
    before = figure(serving, turned_away)
    part = b"[" + b" " * (BODIES_BYTES // 2 + SMALL_BYTES - 1)
    with ExitStack() as stack:
        lines = [opened(serving, stack, post(serving, part, len(part) + 1)) for _ in range(2)]
        time.sleep(0.3)
        late = opened(serving, stack, post(serving, part[: SMALL_BYTES + 1], len(part)))
        told = answered(late)
        is_refused(told)
        assert header(told, "connection") == "close", "nobody waits for what is left of it"
        assert late.recv(1) == b""
        assert figure(serving, turned_away) == before + 1
        small = opened(serving, stack, post(serving, b"{}"))
        assert status_of(answered(small)) == 422, "an ordinary wish comes in"
        page = httpx.get(serving.url("/api/v1/openapi.json"))
        assert page.status_code == 200, "what brings nothing comes in"
        lines.pop().close()
        time.sleep(0.1)
        again = opened(serving, stack, post(serving, part[:-1]))
        assert status_of(answered(again)) == 422, "there is room for it now"


def test_who_has_hung_up_while_waiting_is_not_worked_for(serving: Serving) -> None:
    settle(serving)
    route = 'tradepost_requests_total{app="public",method="GET",route="/slow"'
    before = figure(serving, route)
    with ExitStack() as stack:
        inside = [opened(serving, stack, SLOW) for _ in range(2)]
        time.sleep(0.7)
        for _ in range(2):
            opened(serving, stack, SLOW).close()
        assert [status_of(answered(one)) for one in inside] == [200, 200]
        late = opened(serving, stack, SLOW)
        assert status_of(answered(late)) == 200
    time.sleep(0.1)
    assert figure(serving, route) - before == 3


def test_who_does_not_read_takes_no_room(serving: Serving) -> None:
    settle(serving)
    route = 'tradepost_requests_total{app="public",method="GET",route="/api/v1/openapi.json"'
    before = figure(serving, route)
    page = b"GET /api/v1/openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n"
    address = ("127.0.0.1", serving.ports["public"])
    with ExitStack() as stack:
        for _ in range(4):
            line = stack.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.connect(address)
            line.sendall(page * 400)
        time.sleep(1)
        told = httpx.get(serving.url("/slow"), timeout=10)
        assert told.status_code == 200
        pages, stuck = before, 0
        while stuck < 5:
            time.sleep(0.2)
            now = figure(serving, route)
            stuck, pages = (stuck + 1 if now == pages > before else 0), now
        assert pages < before + 1600


async def test_a_sudden_crowd_is_served_in_its_turn(serving: Serving) -> None:
    """Two at a time, two wait: whoever comes back as told is served in the end."""
    settle(serving)

    async def come() -> int:
        async with httpx.AsyncClient() as client:
            for tries in range(1, 12):
                told = await client.get(serving.url("/slow"), timeout=10)
                if told.status_code == 200:
                    return tries
                assert told.status_code == 503 and json.loads(told.text)["retry_after_s"]
                await asyncio.sleep(0.5)
        raise AssertionError("never served")

    tries = await asyncio.gather(*(come() for _ in range(6)))
    assert max(tries) > 1
