"""What the house tells of a request: one line of log, figures, a trace; and never a secret."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
import structlog

from tests.web.conftest import WEB, Town
from tests.web.kept import stall
from tests.web.market import key, open_market, order_of
from tradepost.platform.db.work import Store
from tradepost.platform.telemetry.logs import HIDDEN, configure_logs
from tradepost.platform.telemetry.traces import OtelTraces
from tradepost.wiring.house import build_house


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged while the test runs."""
    before = logging.getLogger().handlers[:]
    stream = io.StringIO()
    configure_logs("info", "json", stream)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """The lines so far."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_a_request_is_one_line_with_its_ids(store: Store, log: io.StringIO) -> None:
    market = await open_market(store)
    await market.shop.article("mug", "4.00", stock=5)
    async with market.shopper() as guest:
        placed = await guest.post("/api/v1/checkout", json=order_of("mug"), headers=key())
        order = placed.json()
        answer = await guest.get(f"/api/v1/orders/{order['id']}?token={order['token']}")
    await asyncio.sleep(0)  # the lines of a turn of the loop leave together
    placing, last = lines(log)[-2:]
    assert placing["order_id"] == order["id"]
    assert last["event"] == "request"
    assert last["request_id"] == answer.headers["x-request-id"]
    assert last["tenant"] == str(market.shop.scope.tenant_id)
    assert last["order_id"] == order["id"]
    assert (last["method"], last["status"]) == ("GET", 200)
    assert last["route"] == "/api/v1/orders/{order_id}"
    assert order["token"] not in log.getvalue()
    assert "a.shopper@example.com" not in log.getvalue()


async def test_a_body_that_comes_late_is_told_with_the_id_of_its_request(
    store: Store, log: io.StringIO
) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    market = await open_market(store, replace(WEB, body_seconds_max=1))
    headers = key() | {"content-type": "application/json", "content-length": "100"}
    async with market.shopper() as guest:
        answer = await guest.post("/api/v1/checkout", content=dripping(), headers=headers)
    assert answer.status_code == 408
    await asyncio.sleep(0)
    last = lines(log)[-1]
    assert (last["event"], last["status"]) == ("request", 408)
    assert last["request_id"] == answer.headers["x-request-id"]


async def test_what_is_kept_is_told_like_what_is_not(lone_store: Store, log: io.StringIO) -> None:
    async with stall(lone_store) as one:
        answers = [await one.client.get("/api/v1/products/the-mug") for _ in range(2)]
        route = "/api/v1/products/{product}"
        counted = one.market.house.metrics.requests.labels("public", "GET", route, "200")
        assert counted._value.get() == 2
    fresh, kept = [line for line in lines(log) if line.get("event") == "request"]
    assert kept["request_id"] == answers[1].headers["x-request-id"] != fresh["request_id"]
    ever = {"request_id", "timestamp", "milliseconds", "actor_id"}
    assert {k: v for k, v in kept.items() if k not in ever} == {
        k: v for k, v in fresh.items() if k not in ever
    } | {"kept": True}
    assert kept.keys() | {"actor_id"} == fresh.keys() | {"kept"}


async def test_a_defect_is_logged_with_its_stack_and_the_request(
    town: Town, log: io.StringIO
) -> None:
    async with town.client() as client:
        answer = await client.get("/broken")
    failed = next(line for line in lines(log) if line["event"] == "failed")
    assert failed["request_id"] == answer.headers["x-request-id"]
    assert failed["exception"][0]["exc_type"] == "RuntimeError"
    assert failed["exception"][0]["frames"]


def test_secrets_are_never_written(log: io.StringIO) -> None:
    structlog.get_logger().info(
        "signing in", password="hunter2", refresh_token="abc", pin="1234", spin="round"
    )
    (line,) = lines(log)
    assert (line["password"], line["refresh_token"], line["pin"]) == (HIDDEN,) * 3
    assert line["spin"] == "round"
    logging.getLogger("some.library").warning("it says %s", "so")
    assert lines(log)[-1]["event"] == "it says so"


async def test_figures_count_by_route_and_not_by_path(town: Town) -> None:
    app = town.app()
    async with town.client(app) as client:
        for number in range(3):
            await client.get(f"/things/0199aaaa-0000-7000-8000-00000000000{number}")
            await client.get(f"/nowhere/{number}")
        shown = (await client.get("/metrics")).text
    labels = 'app="public",method="GET"'
    route = 'route="/things/{thing_id}"'
    assert f'tradepost_requests_total{{{labels},{route},status="200"}} 3.0' in shown
    assert f'tradepost_requests_total{{{labels},route="none",status="404"}} 3.0' in shown
    assert "process_resident_memory_bytes" in shown


async def test_readiness_tells_a_store_that_does_not_answer(town: Town) -> None:
    app = town.app()
    broken = build_house(town.house.store, WEB)

    async def fails() -> None:
        raise ConnectionError("no route to host")

    app.state.checks = (("store", broken.check_store), ("other", fails))
    async with town.client(app) as client:
        told = await client.get("/health/ready")
        assert told.status_code == 503
        assert told.json()["checks"] == {"store": "ok", "other": "failed"}
        assert "no route" not in told.text
        app.state.checks = (("store", broken.check_store),)
        assert (await client.get("/health/ready")).json()["status"] == "ready"
        app.state.readiness.draining = True
        assert (await client.get("/health/ready")).status_code == 503
        assert (await client.get("/health/live")).status_code == 200


class _Collector(BaseHTTPRequestHandler):
    got: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.got.append(self.rfile.read(length))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


async def test_traces_reach_their_collector_and_follow_the_caller(town: Town) -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    _Collector.got.clear()
    server = HTTPServer(("127.0.0.1", 0), _Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    traces = OtelTraces.to(f"http://127.0.0.1:{server.server_port}")
    house = build_house(town.house.store, WEB, tokens=town.tokens, traces=traces)
    parent = "4bf92f3577b34da6a3ce929d0e0e4736"
    async with town.client(town.app_of(house)) as client:
        headers = {"traceparent": f"00-{parent}-00f067aa0ba902b7-01"}
        await client.get("/things", headers=headers)
        await client.get("/nowhere")
    await asyncio.to_thread(traces.close)
    server.shutdown()
    server.server_close()
    sent = ExportTraceServiceRequest.FromString(b"".join(_Collector.got))
    spans = [
        span
        for resource in sent.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert [span.name for span in spans] == ["GET /things", "GET none"]
    assert [span.trace_id.hex() == parent for span in spans] == [True, False]
