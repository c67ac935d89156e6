"""A year of real trade through the command line, killed three times on the way, on both stores.

The table must come out the same, the doctor must find nothing, and memory must stay flat.
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
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests import stores

pytestmark = pytest.mark.acceptance
TOTAL = "9747747.934"
KILL_AFTER_S = (8, 40)
SECONDS_MAX = 900
"""Ten minutes are promised on two quiet cores; a busy machine may take half as long again."""
RSS_MB_MAX = 250
KILLS = 3
FILE = {  # documents, lines, units, money of each kind, counted from the file by other means
    "sale": (528157, 5592248, "10271433.06"),
    "service": (2363, 15854, "384189.424"),
    "return": (8704, -272030, "-478724.18"),
    "service_return": (584, -5544, "-418088.31"),
    "adjustment": (3, 3, "-11062.06"),
    "write_off": (1336, -206957, "0.00"),
    "found": (762, 52876, "0.00"),
}


@dataclass
class Runs:
    """What all runs together took."""

    seconds: float = 0.0
    rss_mb: list[float] = field(default_factory=list)


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
        admin, app, relay = request.getfixturevalue("postgres_roles")
        told |= {
            "TRADEPOST_DATABASE_URL": app,
            "TRADEPOST_RELAY_DATABASE_URL": relay,
            "TRADEPOST_ADMIN_DATABASE_URL": admin,
        }
    yield told


@pytest.fixture
def postgres_roles(postgres_database: str) -> tuple[str, str, str]:
    """An empty database by its superuser's URL, and the URLs of roles that migration makes."""
    app, relay = "tradepost_year_app", "tradepost_year_relay"
    roles = (stores.as_role(postgres_database, name) for name in (app, relay))
    return postgres_database, *roles  # type: ignore[return-value]  # three of them


def test_trade_adds_up_to_the_last_digit_though_killed(
    environment: dict[str, str], shared_data: Path, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")
    chance = random.Random(seed)
    year = shared_data / "retail" / "online_retail.csv.gz"
    answer = tmp_path / "report.json"
    command = ["replay", str(year), "--json", str(answer)]
    runs = Runs()
    for _ in range(KILLS):
        _run(command, environment, runs, kill_after_s=chance.uniform(*KILL_AFTER_S))
    _run(command, environment, runs)
    sys.stdout.write(f"{runs.seconds:.0f} s, at most {max(runs.rss_mb):.0f} MB\n")
    report = json.loads(answer.read_bytes())
    _check_kinds(report)
    for column in ("file", "booked"):
        assert report["total"][column]["money"] == TOTAL
    assert report["total"]["posted_and_fractions"] == TOTAL
    assert report["agrees"] is True
    assert runs.seconds < SECONDS_MAX
    assert max(runs.rss_mb) < RSS_MB_MAX
    doctor = subprocess.run(
        _argv(["doctor", "--json"]), env=environment, capture_output=True, check=False
    )
    assert doctor.returncode == 0, doctor.stdout.decode()[-4000:] + doctor.stderr.decode()[-2000:]


def _check_kinds(report: dict[str, object]) -> None:
    rows = {row["kind"]: row for row in report["rows"]}  # type: ignore[attr-defined]
    for kind, (lines, units, money) in FILE.items():
        row = rows[kind]
        for column in ("file", "booked"):
            found = row[column]
            assert (found["lines"], found["units"], found["money"]) == (lines, units, money), kind


def _argv(command: list[str]) -> list[str]:
    return [sys.executable, "-m", "tradepost.apps.cli.main", *command]


def _run(
    command: list[str], told: dict[str, str], runs: Runs, kill_after_s: float | None = None
) -> None:
    started = time.monotonic()
    process = subprocess.Popen(_argv(command), env=told, stdout=subprocess.PIPE)
    try:
        while process.poll() is None:
            time.sleep(0.5)
            runs.rss_mb.append(_rss_mb(process.pid))
            waited = time.monotonic() - started
            if kill_after_s is not None and waited > kill_after_s:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            assert waited < 2 * SECONDS_MAX, "the replay does not come to an end"
    finally:
        process.kill()
        said, _ = process.communicate()
    runs.seconds += time.monotonic() - started
    if kill_after_s is None:
        assert process.returncode == 0, said.decode()[-4000:]


def _rss_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((one for one in status.splitlines() if one.startswith("VmRSS:")), "VmRSS: 0")
    return int(line.split()[1]) / 1024
