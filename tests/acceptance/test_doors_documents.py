"""Schemathesis reads the document of each API and tries to catch the API at breaking it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).resolve().parents[2]
CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 4
SECONDS_MAX = 75
PHASES = "examples,coverage,stateful"  # test_fuzz.py does the fuzzing, on the demo


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A process that serves both APIs: addresses, the shop's code, tokens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.serve_market", str(tmp_path_factory.mktemp("market"))],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())
    process.terminate()
    assert process.wait(30) == 0
    process.stdout.close()


@pytest.mark.parametrize("audience", ["public", "admin"])
def test_the_api_keeps_what_its_document_says(
    serving: dict[str, Any], audience: str, tmp_path: Path
) -> None:
    headers = {
        "X-Tenant": serving["code"],
        "Authorization": f"Bearer {serving['tokens'][audience]}",
    }
    command = ["--config-file", str(CONFIG), "run"]
    command += [f"{serving['urls'][audience]}/api/v1/openapi.json", "--no-color", "--seed", "7"]
    command += ["--phases", PHASES, "--max-examples", str(EXAMPLES), "--max-time", str(SECONDS_MAX)]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *command],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
