"""What only real sockets show: heads and bodies that never end, two Hosts, an orderly end."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from tests.web.serve import WEB
from tradepost.platform.web.serving import Listening, PortInUse, Servers

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Serving:
    """A process that serves both audiences."""

    process: subprocess.Popen[str]
    ports: dict[str, int]
    code: str

    def say(self, raw: bytes, wait_s: float = 5, port: str = "public") -> bytes:
        """Send bytes and read until the server closes."""
        address = ("127.0.0.1", self.ports[port])
        with socket.create_connection(address, timeout=wait_s) as connection:
            connection.sendall(raw)
            answer = b""
            while part := connection.recv(65_536):
                answer += part
        return answer

    def say_all(self, raw: bytes) -> bytes:
        """Send bytes, say that there is no more to come, and read until the server closes."""
        address = ("127.0.0.1", self.ports["public"])
        with socket.create_connection(address, timeout=5) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65_536):
                answer += part
        return answer

    def url(self, path: str, port: str = "public") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.ports[port]}{path}"


def start(*more: str, log: int = subprocess.PIPE) -> Serving:
    """Start a process and wait until it serves."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.serve", "public", "admin", *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        assert process.stderr is not None, "look at its log"
        raise AssertionError(process.stderr.read())
    told = json.loads(line)
    return Serving(process, told["ports"], told["code"])


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    """One process for the tests that leave it as it was."""
    started = start()
    yield started
    started.process.terminate()
    assert started.process.wait(20) == 0
    started.process.communicate()


def status_of(answer: bytes) -> int:
    """The status of a raw answer."""
    return int(answer.split(b" ", 2)[1])


def body_of(answer: bytes) -> dict[str, object]:
    """The JSON of a raw answer."""
    told: dict[str, object] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return told


def test_both_apps_serve_side_by_side(serving: Serving) -> None:
    for name in ("public", "admin"):
        told = httpx.get(serving.url("/health/ready", name))
        assert (told.status_code, told.json()["status"]) == (200, "ready")
    shown = httpx.get(serving.url("/metrics", "admin")).text
    assert 'tradepost_requests_total{app="public",method="GET",route="/health/ready"' in shown


def test_two_hosts_and_other_ambiguities_are_refused(serving: Serving) -> None:
    tail = b"x-tenant: " + serving.code.encode() + b"\r\nconnection: close\r\n\r\n"
    two = serving.say(b"GET /things HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n" + tail)
    assert (status_of(two), body_of(two)["code"]) == (400, "platform.host_unclear")
    none = serving.say(b"GET /things HTTP/1.0\r\n" + tail)
    assert (status_of(none), body_of(none)["code"]) == (400, "platform.host_unclear")
    absolute = serving.say(
        b"GET http://victim.example/things HTTP/1.1\r\nhost: localhost\r\n" + tail
    )
    assert status_of(absolute) == 200
    two_tenants = serving.say(b"GET /things HTTP/1.1\r\nhost: localhost\r\nx-tenant: a\r\n" + tail)
    assert (status_of(two_tenants), body_of(two_tenants)["code"]) == (400, "platform.bad_request")


@pytest.mark.parametrize(
    "raw",
    [
        b"not http at all\r\n\r\n",
        b"POST /things HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n"
        b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /things HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\n"
        b"content-length: 2\r\n\r\nab",
        b"POST /things HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
        b"GET /things HTTP/9.9\r\nhost: localhost\r\n\r\n",
        b"GET /things HTTP/1.1\r\nhost : localhost\r\n\r\n",
    ],
)
def test_what_smuggles_is_refused_and_the_line_is_cut(serving: Serving, raw: bytes) -> None:
    answer = serving.say(raw)
    assert status_of(answer) == 400
    assert body_of(answer)["code"] == "platform.bad_request"
    assert b"connection: close" in answer


def test_headers_have_a_limit(serving: Serving) -> None:
    big = b"GET /things HTTP/1.1\r\nhost: localhost\r\nx-big: " + b"x" * 40_000 + b"\r\n\r\n"
    answer = serving.say(big)
    assert (status_of(answer), body_of(answer)["code"]) == (431, "platform.headers_too_large")
    endless = b"GET /things HTTP/1.1\r\nhost: localhost\r\nx-big: " + b"x" * 100_000
    answer = serving.say(endless)
    assert (status_of(answer), body_of(answer)["code"]) == (431, "platform.headers_too_large")


def test_a_body_has_to_come_in_time(serving: Serving) -> None:
    began = time.monotonic()
    head = (
        b"POST /things HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        b"x-tenant: " + serving.code.encode() + b"\r\ncontent-length: 100\r\n\r\n{"
    )
    answer = serving.say(head, wait_s=10)
    assert (status_of(answer), body_of(answer)["code"]) == (408, "platform.too_slow")
    assert WEB.body_seconds_max <= time.monotonic() - began < WEB.body_seconds_max + 4


def test_a_body_over_the_limit_is_not_read_to_its_end(serving: Serving) -> None:
    head = (
        b"POST /things HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        b"x-tenant: " + serving.code.encode() + b"\r\ncontent-length: 1000000000\r\n\r\n{"
    )
    answer = serving.say(head)
    assert (status_of(answer), body_of(answer)["code"]) == (413, "platform.body_too_large")
    chunked = head.replace(b"content-length: 1000000000", b"transfer-encoding: chunked")
    parts = [b" " * 10_000] * 100 + [b" "]  # one byte more than the limit, and no end
    chunked = chunked[:-1] + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    answer = serving.say(chunked)
    assert (status_of(answer), body_of(answer)["code"]) == (413, "platform.body_too_large")


def test_a_client_that_goes_away_does_no_harm(serving: Serving) -> None:
    address = ("127.0.0.1", serving.ports["public"])
    for raw in (b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n", b"POST /things HTTP/1.1\r\nho"):
        with socket.create_connection(address) as connection:
            connection.sendall(raw)
    assert httpx.get(serving.url("/health/live")).status_code == 200


def test_an_ending_process_finishes_what_it_began() -> None:
    serving = start()
    with socket.create_connection(("127.0.0.1", serving.ports["public"]), timeout=10) as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n")
        time.sleep(0.3)
        serving.process.send_signal(signal.SIGTERM)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    assert status_of(answer) == 200
    assert answer.endswith(b"done")
    assert serving.process.wait(20) == 0
    out, err = serving.process.communicate()
    assert out == "ended\n"
    lines = [json.loads(line) for line in err.splitlines()]
    slow = next(line for line in lines if line.get("route") == "/slow")
    assert slow.keys() >= {"request_id", "status", "milliseconds", "timestamp", "level"}
    assert lines[-1]["event"] == "ended"


async def test_a_taken_port_is_told_with_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            PortInUse, match=f"public API cannot listen on 127.0.0.1:{port}: the port"
        ):
            Servers([Listening("public API", Litestar([]), port)])


def test_who_says_no_more_is_answered_what_is_known_at_once(serving: Serving) -> None:
    asked = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n"
    answers = [serving.say_all(asked) for _ in range(20)]
    assert all(one.startswith(b"HTTP/1.1 200") for one in answers), answers
