"""What benchmarks have in common when they are called: their arguments, and a file for figures."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.machine import described

STORES = ("postgresql", "sqlite")


def arguments(
    doc: str | None,
    *,
    of_stores: bool = True,
    seconds: float | None = None,
    rounds: int | None = None,
) -> ArgumentParser:
    """A parser to which a benchmark adds what it alone is asked.

    It takes ``--stores`` if it is of stores, and ``--seconds`` and ``--rounds`` if there are
    defaults for them.
    """
    asked = ArgumentParser(description=(doc or "").split("\n", 1)[0])
    if of_stores:
        asked.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    if seconds is not None:
        asked.add_argument("--seconds", type=float, default=seconds, help="of a turn")
    if rounds is not None:
        asked.add_argument("--rounds", type=int, default=rounds)
    asked.add_argument("--json", "--out", type=Path, help="a file to add the figures to")
    return asked


def tell_by_store(given: Namespace, name: str, measure: Callable[[str], dict[str, Any]]) -> None:
    """Measure each store that was asked for, and add the figures to the file."""
    found: dict[str, Any] = {"machine": described()}
    for kind in given.stores:
        found[kind] = measure(kind)
    tell(given.json, name, found)


def tell(file: Path | None, name: str, found: dict[str, Any]) -> None:
    """Add one benchmark's figures to the file that was asked for, if one was."""
    if file is None:
        return
    others = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(others | {name: found}, indent=1) + "\n")
