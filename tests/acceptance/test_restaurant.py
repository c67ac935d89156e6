"""A restaurant's quarter as tabs through the command line, on both stores, killed once on one.

12,234 lines in 5,370 orders, of which 137 name no dish: the table must account for all of them to
the last cent, and the doctor must find nothing.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import stores

pytestmark = pytest.mark.acceptance
KILL_AFTER_S = (10, 30)
SECONDS_MAX = 1200
"""A minute or two on quiet cores; a busy machine takes several times as long."""
TOTAL = "159217.90"
FILE = {  # lines and money by category, counted from the file by other means
    "American": (2734, "28237.75"),
    "Asian": (3470, "46720.65"),
    "Italian": (2948, "49462.70"),
    "Mexican": (2945, "34796.80"),
}
COUNTS = {"tabs": 5370, "closed": 5370, "orders": 5343, "cooked": 12097}
NAMELESS = 137


@pytest.fixture(params=["sqlite", "postgresql"])
def store_kind(request: pytest.FixtureRequest) -> str:
    """Which store."""
    kind: str = request.param
    return kind


@pytest.fixture
def environment(
    request: pytest.FixtureRequest, store_kind: str, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """What the command is told of the store."""
    told = {**os.environ, "TRADEPOST_PROFILE": "demo", "TRADEPOST_DATA_DIR": str(tmp_path)}
    if store_kind == "postgresql":
        admin = request.getfixturevalue("postgres_database")
        roles = {"DATABASE": "app", "RELAY_DATABASE": "relay"}
        for name, role in roles.items():
            url = stores.as_role(admin, f"tradepost_restaurant_{role}")
            told[f"TRADEPOST_{name}_URL"] = url
        told["TRADEPOST_ADMIN_DATABASE_URL"] = admin
    yield told


def test_a_quarter_adds_up_to_the_last_cent(
    environment: dict[str, str], store_kind: str, shared_data: Path, tmp_path: Path
) -> None:
    answer = tmp_path / "report.json"
    place = str(shared_data / "restaurant")
    command = ["replay", "--kind", "restaurant", place, "--json", str(answer)]
    if store_kind == "sqlite":
        seed = random.SystemRandom().randrange(10**6)
        sys.stdout.write(f"seed {seed}\n")
        _killed(command, environment, random.Random(seed).uniform(*KILL_AFTER_S))
    began = time.monotonic()
    _run(command, environment)
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    report = json.loads(answer.read_bytes())
    assert report["agrees"] is True
    assert (report["lines"], report["nameless"]) == (12_097 + NAMELESS, NAMELESS)
    for side in ("file", "booked"):
        assert report["counts"][side] == COUNTS
        assert report["total"][side]["money"] == TOTAL
        found = {name: (one["lines"], one["money"]) for name, one in report[side].items()}
        assert found == FILE
    total = report["total"]
    assert (total["sold"], total["paid"], total["owed"]) == (TOTAL, TOTAL, "0.00")
    _run(["doctor", "--json"], environment)


def _argv(command: list[str]) -> list[str]:
    return [sys.executable, "-m", "tradepost.apps.cli.main", *command]


def _run(command: list[str], told: dict[str, str]) -> None:
    done = subprocess.run(
        _argv(command), env=told, capture_output=True, check=False, timeout=SECONDS_MAX
    )
    assert done.returncode == 0, done.stdout.decode()[-4000:] + done.stderr.decode()[-2000:]


def _killed(command: list[str], told: dict[str, str], after_s: float) -> None:
    process = subprocess.Popen(_argv(command), env=told, stdout=subprocess.PIPE)
    try:
        process.wait(timeout=after_s)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.communicate()
