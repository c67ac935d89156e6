"""``tradepost serve`` as a process: both APIs, the worker, the local door, an end in good order."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Run
from tests.servers import ROOT

PROGRAM = "import sys; from tradepost.apps.cli.main import main; sys.exit(main())"


@contextmanager
def _process(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("TRADEPOST_")}
    environ |= {"TRADEPOST_PROFILE": "demo", "PYTHONPATH": str(ROOT / "src")}
    environ |= {"TRADEPOST_LOG_LEVEL": "warning"}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environ,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def _addresses(process: subprocess.Popen[str]) -> dict[str, str]:
    """Where the APIs listen, as the process says when it is ready."""
    found: dict[str, str] = {}
    assert process.stderr is not None
    while len(found) < 2:
        line = process.stderr.readline()
        assert line, f"ended with {process.poll()}"
        if match := re.match(r"(public|admin) API\s+(http://\S+)", line):
            found[match[1]] = match[2]
    return found


def test_a_shop_is_opened_beside_the_server_and_its_facts_are_numbered(
    run: Run, tmp_path: Path
) -> None:
    with _process(tmp_path, "serve", "--public-port", "0", "--admin-port", "0") as process:
        at = _addresses(process)
        assert httpx.get(f"{at['public']}/health/ready").json()["status"] == "ready"
        assert httpx.get(f"{at['admin']}/metrics").status_code == 200
        made = run("tenant", "create", "tea", "--name", "Tea", "--currency", "GBP")
        assert made.code == 0, made.err
        person = ("tea", "ada@example.com", "--name", "Ada", "--role", "admin", "--generate")
        assert run("staff", "create", *person).code == 0
        answer = httpx.get(f"{at['public']}/api/v1/products", headers={"X-Tenant": "tea"})
        assert answer.json()["items"] == []
        until = time.monotonic() + 10
        while len(facts := run("events", "list", "tea", "--json").json) < 4:
            assert time.monotonic() < until, "the worker in the server numbers no facts"
            time.sleep(0.05)
        assert [fact["seq"] for fact in facts] == [1, 2, 3, 4]
        assert run("search", "rebuild").code == 0
        second = run("migrate", "--check")
        assert second.code == 0, "reading is in nobody's way"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    left = {path.name for path in (tmp_path / "data").iterdir()}
    assert left == {"house.lock", "search", "store.sqlite", "store.sqlite.lock"}, "all is closed"


@pytest.mark.parametrize("worker", ["--worker", "--no-worker"])
def test_what_guests_read_is_kept_beside_a_worker_and_without(
    run: Run, tmp_path: Path, worker: str
) -> None:
    ports = ("--public-port", "0", "--admin-port", "0")
    with _process(tmp_path, "serve", worker, *ports) as process:
        at = _addresses(process)
        assert run("tenant", "create", "tea", "--name", "Tea", "--currency", "GBP").code == 0
        until = time.monotonic() + 10
        kept = 'tradepost_kept_answers_total{outcome="hit"}'
        with httpx.Client(headers={"X-Tenant": "tea"}) as client:
            figures = ""
            while not re.search(re.escape(kept) + r" [1-9]", figures):
                assert time.monotonic() < until, "nothing is kept"
                assert client.get(f"{at['public']}/api/v1/shop").json()["name"] == "Tea"
                figures = client.get(f"{at['admin']}/metrics").text
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_port_in_use_is_told_with_the_remedy(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRADEPOST_PROFILE", "demo")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = run("serve", "--public-port", port, "--admin-port", "0")
    assert said.code == 1
    assert f"127.0.0.1:{port}: the port is in use" in said.err
    assert "choose another port" in said.err
    assert (tmp_path / "data" / "store.sqlite.lock").read_text() == "", "all is closed"


def test_servers_ask_for_their_secrets(run: Run) -> None:
    said = run("serve")
    assert (said.code, "TRADEPOST_ADMIN_SECRET" in said.err) == (2, True)
