"""All benchmarks one after the other, their figures in one file, and a plot of them.

    python -m bench [--only NAME …] [--stores sqlite postgresql] [--json figures.json]
                    [--plot figures.svg]

Each runs in a process of its own and is cut off when its time is over; all of them together take a
quarter of an hour at most. `bench.scale`, which takes longer, is left out: `make scale`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.asking import STORES
from bench.machine import described
from bench.plot import plotted


@dataclass(frozen=True)
class Step:
    """A benchmark: how it is called, and the seconds it may take."""

    name: str
    arguments: tuple[str, ...]
    seconds_max: float
    of_stores: bool = True


STEPS = (
    Step("lanes", ("--seconds", "2", "--rounds", "2"), 120),
    Step("http", ("--seconds", "2", "--rounds", "1", "--rushes", "3"), 210),
    Step("reads", ("--seconds", "1", "--rounds", "3"), 90),
    Step("beside", ("--seconds", "1.5", "--rounds", "4", "--pauses", "0.03"), 120),
    Step("overload", ("--seconds", "3", "--rounds", "2"), 120),
    Step("relay", ("--facts", "10000", "--rounds", "2"), 90),
    Step("search", ("--products", "20000", "--seconds", "3", "--rounds", "2"), 75, of_stores=False),
    Step("memory", ("--requests", "20000", "--minutes", "0.5"), 75),
)
END_SECONDS_MAX = 40
assert sum(step.seconds_max for step in STEPS) <= 900


def run(step: Step, stores: list[str], folder: Path) -> dict[str, Any]:
    """What a benchmark has found, or why it has found nothing."""
    file = folder / f"{step.name}.json"
    command = [sys.executable, "-m", f"bench.{step.name}", *step.arguments, "--json", str(file)]
    if stores and step.of_stores:
        command += ["--stores", *stores]
    began = time.monotonic()
    running = subprocess.Popen(command, start_new_session=True)  # noqa: S603  our own
    try:
        code = running.wait(step.seconds_max)
    except subprocess.TimeoutExpired:
        _end(running)
        return {"failed": f"cut off after {step.seconds_max:.0f} s"}
    except BaseException:
        _end(running)
        raise
    told: dict[str, Any] = {"seconds": round(time.monotonic() - began)}
    if code:
        return told | {"failed": f"ended with {code}"}
    found: dict[str, Any] = json.loads(file.read_text())
    return told | found[step.name]


def _end(running: subprocess.Popen[bytes]) -> None:
    """Have a benchmark end its servers and itself; what is left of it after that is killed."""
    running.send_signal(signal.SIGINT)
    try:
        running.wait(END_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def main() -> None:
    """Run what is asked for."""
    names = [step.name for step in STEPS]
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    asked.add_argument("--only", nargs="+", choices=names, default=names)
    asked.add_argument("--stores", nargs="+", choices=STORES, default=[])
    asked.add_argument("--json", type=Path, default=Path("figures.json"))
    asked.add_argument("--plot", type=Path, default=Path("figures.svg"))
    given = asked.parse_args()
    found: dict[str, Any] = {"machine": described()}
    with TemporaryDirectory(prefix="tradepost-bench-") as folder:
        for step in STEPS:
            if step.name in given.only:
                print(f"== {step.name}", flush=True)
                found[step.name] = run(step, given.stores, Path(folder))
                given.json.write_text(json.dumps(found, indent=1) + "\n")
    given.plot.write_text(plotted(found))
    failed = {name: told["failed"] for name, told in found.items() if "failed" in told}
    print(f"figures: {given.json}, plot: {given.plot}" + (f", failed: {failed}" if failed else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
