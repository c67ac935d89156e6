"""Shoppers over HTTP, in processes of their own, so that they are not what limits.

    python -m bench.shoppers

reads a :class:`Plan` as one line of JSON, opens its connections, says ``ready``, begins at the next
line and prints one :class:`Told`. Each shopper has one connection that stays open, and asks again
as soon as they are answered.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.servers import ROOT

from bench.line import Line, connected
from tradepost.platform.process import loop_factory, tune_memory

HOME = {"country": "GB", "name": "A. Shopper", "line1": "1 High Street", "city": "Leeds"}
CHOICES = {
    "delivery": "ship",
    "payment_method": "bank_transfer",
    "email": "a.shopper@example.com",
    "ship_to": HOME,
}
_CHOSEN = json.dumps(CHOICES).encode()


@dataclass(frozen=True)
class Plan:
    """What the shoppers of one process do; ``tries`` bounds each of them, 0 leaves it to time.

    Each waits ``pause_s`` on average between two flows, half of it to half as much again. With a
    ``rate`` checkouts come so often a second, answered or not, on at most ``shoppers`` connections.
    """

    flow: str
    ports: list[int]
    code: str
    shoppers: int
    seconds: float
    first: int
    skus: list[str]
    tries: int = 0
    pause_s: float = 0.0
    rate: float = 0.0


@dataclass
class Told:
    """What they were told: milliseconds of each whole flow, answers by status and code."""

    took_ms: list[float] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    cpu_s: float = 0.0
    refused_ms: list[float] = field(default_factory=list)
    """Of a flood: how long those waited who were told to come back."""


def request(method: str, path: str, code: str, number: int, body: object, more: str = "") -> bytes:
    """One request of a shopper, who has an address of their own before our proxy."""
    content = b"" if body is None else _CHOSEN if body is CHOICES else json.dumps(body).encode()
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-tenant: {code}\r\n"
        f"x-forwarded-for: {address}\r\nx-guest-token: guest-{number:012}-{'x' * 24}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n{more}\r\n"
    )
    return head.encode() + content


def checkout(code: str, number: int, sku: str) -> bytes:
    """One article, ordered with one request."""
    body = {"lines": [{"sku": sku, "quantity": 1}], **CHOICES}
    key = f"idempotency-key: shopper-{number:012}\r\n"
    return request("POST", "/api/v1/checkout", code, number, body, key)


async def at_once(line: Line, plan: Plan, number: int, sku: str) -> tuple[int, bytes]:
    """The flow of one request."""
    return await line.ask(checkout(plan.code, number, sku))


async def by_cart(line: Line, plan: Plan, number: int, sku: str) -> tuple[int, bytes]:
    """Open a cart, put in two lines together, choose, order."""
    status, body = await line.ask(request("POST", "/api/v1/carts", plan.code, number, None))
    if status != 201:
        return status, body
    cart = json.loads(body)
    place, token = f"/api/v1/carts/{cart['id']}", f"x-cart-token: {cart['token']}\r\n"
    other = plan.skus[(number + 1) % len(plan.skus)]
    wanted = [{"sku": one, "quantity": 1} for one in (sku, other)]
    steps: list[tuple[str, str, object, str]] = [
        ("POST", f"{place}/lines/batch", {"lines": wanted}, token),
        ("PUT", f"{place}/choices", CHOICES, token),
        ("POST", f"{place}/checkout", {}, f"{token}idempotency-key: cart-{number:015}\r\n"),
    ]
    for method, path, said, more in steps:
        status, body = await line.ask(request(method, path, plan.code, number, said, more))
        if status not in (200, 201):
            break
    return status, body


async def looking(line: Line, plan: Plan, number: int, words: str) -> tuple[int, bytes]:
    """One question; ``skus`` of the plan are what is looked for."""
    path = f"/api/v1/search?q={words}"
    return await line.ask(request("GET", path, plan.code, number, None))


async def mixed(line: Line, plan: Plan, number: int, sku: str) -> tuple[int, bytes]:
    """One request of one of four kinds by turns: a list, a detail, a cart, an order."""
    asked = [
        request("GET", "/api/v1/products?limit=24", plan.code, number, None),
        request("GET", f"/api/v1/products/the-{sku}", plan.code, number, None),
        request("POST", "/api/v1/carts", plan.code, number, None),
        checkout(plan.code, number, sku),
    ]
    return await line.ask(asked[number // plan.shoppers % len(asked)])


FLOWS: dict[str, Callable[[Line, Plan, int, str], Awaitable[tuple[int, bytes]]]] = {
    "checkout": at_once,
    "cart": by_cart,
    "search": looking,
    "mixed": mixed,
}


async def _shop(line: Line, plan: Plan, who: int, until: float, told: Told) -> None:
    flow, tries = FLOWS[plan.flow], 0
    answers: Counter[str] = Counter()
    number = plan.first + who
    while time.perf_counter() < until and (not plan.tries or tries < plan.tries):
        tries += 1
        began = time.perf_counter()
        status, body = await flow(line, plan, number, plan.skus[number % len(plan.skus)])
        told.took_ms.append((time.perf_counter() - began) * 1000)
        number += plan.shoppers
        answers[str(status) if status < 300 else f"{status} {_code(body)}"] += 1
        if status == 0:
            break
        if plan.pause_s:
            await asyncio.sleep(plan.pause_s * random.uniform(0.5, 1.5))  # noqa: S311  no secret
    for name, count in answers.items():
        told.answers[name] = told.answers.get(name, 0) + count


def _code(body: bytes) -> str:
    return str(json.loads(body).get("code", "")) if body.startswith(b"{") else body[:40].decode()


async def _flood(plan: Plan, lines: list[Line], until: float, told: Told) -> None:
    """Ask at a steady rate; where no connection is free, nobody asks, and that is counted."""
    answers: Counter[str] = Counter()
    free = deque(lines)
    asking: set[asyncio.Task[None]] = set()

    async def ask(line: Line, number: int) -> None:
        began = time.perf_counter()
        asked = checkout(plan.code, number, plan.skus[number % len(plan.skus)])
        status, body = await line.ask(asked)
        took_ms = (time.perf_counter() - began) * 1000
        answers[str(status) if status < 300 else f"{status} {_code(body)}"] += 1
        if status < 300:
            told.took_ms.append(took_ms)
        elif status == 503 and b"retry-after" in line.head:
            told.refused_ms.append(took_ms)
        free.append(line)

    began, number = time.perf_counter(), 0
    while (now := time.perf_counter()) < until:
        while number < (now - began) * plan.rate:
            number += 1
            if not free:
                answers["no connection free"] += 1
                continue
            task = asyncio.create_task(ask(free.popleft(), plan.first + number))
            asking.add(task)
            task.add_done_callback(asking.discard)
        await asyncio.sleep(0.002)
    if asking:
        await asyncio.wait(asking)
    told.answers = dict(answers)


async def _main(plan: Plan) -> Told:
    ports = [plan.ports[(plan.first + who) % len(plan.ports)] for who in range(plan.shoppers)]
    lines = [await connected(port) for port in ports]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    told, cpu, began = Told(), _cpu_s(), time.perf_counter()
    until = began + plan.seconds
    if plan.rate:
        await _flood(plan, lines, until, told)
    else:
        jobs = [_shop(line, plan, who, until, told) for who, line in enumerate(lines)]
        await asyncio.gather(*jobs)
    told.seconds, told.cpu_s = time.perf_counter() - began, _cpu_s() - cpu
    for line in lines:
        line.close()
    return told


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def send_shopping(plans: Sequence[Plan], begun: Callable[[], Any] = lambda: None) -> Told:
    """What the shoppers of so many processes were told in all, who all begin at once."""
    return _together(send_apart(plans, begun))


def send_apart(plans: Sequence[Plan], begun: Callable[[], Any] = lambda: None) -> list[Told]:
    """The same, told apart by their processes."""
    command = [sys.executable, "-m", "bench.shoppers"]
    clients = [
        subprocess.Popen(  # noqa: S603  our own
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for _ in plans
    ]
    try:
        for client, plan in zip(clients, plans, strict=True):
            _say(client, json.dumps(asdict(plan)))
        for client in clients:
            assert _heard(client) == "ready"
        begun()
        for client in clients:
            _say(client, "go")
        return [Told(**json.loads(_heard(client))) for client in clients]
    finally:
        for client in clients:
            client.kill()
            client.communicate()


def _say(client: subprocess.Popen[str], line: str) -> None:
    assert client.stdin is not None
    client.stdin.write(line + "\n")
    client.stdin.flush()


def _heard(client: subprocess.Popen[str]) -> str:
    assert client.stdout is not None
    return client.stdout.readline().strip()


def _together(parts: Sequence[Told]) -> Told:
    whole = Told(seconds=max(one.seconds for one in parts), cpu_s=sum(one.cpu_s for one in parts))
    answers: Counter[str] = Counter()
    for one in parts:
        whole.took_ms += one.took_ms
        whole.refused_ms += one.refused_ms
        answers.update(one.answers)
    whole.took_ms.sort()
    whole.refused_ms.sort()
    whole.answers = dict(answers)
    return whole


def main() -> None:
    """Shop as one is told to."""
    plan = Plan(**json.loads(sys.stdin.readline()))
    tune_memory()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        sys.stdout.write(json.dumps(asdict(runner.run(_main(plan)))) + "\n")


if __name__ == "__main__":
    main()
