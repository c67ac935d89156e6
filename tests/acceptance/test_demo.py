"""The demo, as a newcomer meets it: the table adds up, and the printed lines work as printed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.servers import free_port

pytestmark = pytest.mark.acceptance
SECONDS_MAX = 120


def _demo(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tradepost.apps.cli.main", "--data-dir", str(folder), "demo"]
    told = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen([*command, *more], env=told, stdout=subprocess.PIPE, text=True)


def _until(process: subprocess.Popen[str], mark: str) -> str:
    """Everything the demo prints up to a mark."""
    assert process.stdout is not None
    said, ends = "", time.monotonic() + SECONDS_MAX
    while mark not in said and time.monotonic() < ends:
        line = process.stdout.readline()
        if not line and process.poll() is not None:
            break
        said += line
    assert mark in said, said
    return said


def _check_street(mall: Any, counter: Any, restaurant: Any, grocer: Any, near: Any) -> None:
    """What the shops of the street show of their day."""
    assert len(_items(mall)) == 3 and _items(counter)[0]["code"] == "till-1"
    assert {"open"} <= {tab["state"] for tab in _items(restaurant)}
    assert {"completed"} <= {task["state"] for task in _items(grocer)}
    assert near["slots"]


def _items(answer: Any) -> Any:
    return answer["items"] if isinstance(answer, dict) else answer


def test_what_the_demo_prints_works_as_printed(tmp_path: Path) -> None:
    ports = [str(free_port()), str(free_port())]
    process = _demo(tmp_path, "--public-port", ports[0], "--admin-port", ports[1])
    try:
        said = _until(process, "X-Tenant: greens'")
        assert "748,957.02" in said and "The table adds up." in said
        script = said[said.index("# Try this") :]
        tried = subprocess.run(
            ["bash", "-c", script], capture_output=True, text=True, check=False, timeout=60
        )
        assert tried.returncode == 0 and not tried.stderr, tried.stderr
        told = list(map(json.loads, tried.stdout.splitlines()))
        found, filled, chosen, placed, seen, orders, *street = told
        assert found["total"] > 0 and "LANTERN" in found["items"][0]["title"]
        assert filled["lines"] and chosen["lines"]
        assert placed["status"] == "pending_payment" and placed["number"] == seen["number"]
        assert orders["items"][0]["number"] == placed["number"]
        _check_street(*street)
        taken = _demo(tmp_path / "other", "--public-port", ports[0], "--admin-port", ports[1])
        taken.communicate(timeout=30)
        assert taken.returncode != 0
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0
    again = _demo(tmp_path, "--no-serve")
    said, _ = again.communicate(timeout=SECONDS_MAX)
    assert again.returncode == 0 and "748,957.02" in said
