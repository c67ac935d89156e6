"""The progress bar of long work: how far, how fast, how long still. Silent where nobody looks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from tradepost.transfer.retail.replay import Progress as Reached
    from tradepost.transfer.retail.source import TextFile

PLAIN_EVERY_S = 10.0


@dataclass(slots=True)
class Bar:
    """Shows a replay on a terminal; elsewhere a line now and then."""

    screen: Progress | None
    task: TaskID | None
    began: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def __call__(self, reached: Reached, file: TextFile) -> None:
        """Tell how far the replay is."""
        now = time.monotonic()
        booked = reached.documents - reached.passed_over
        speed = booked / max(now - self.began, 0.001)
        day = f"{reached.reached:%Y-%m-%d}" if reached.reached else ""
        if self.screen is not None and self.task is not None:
            self.screen.update(
                self.task, completed=file.position_bytes, day=day, speed=f"{speed:,.0f} orders/s"
            )
        elif now - self.told > PLAIN_EVERY_S:
            self.told = now
            click.echo(f"{day}  {reached.documents:,} documents  {speed:,.0f}/s", err=True)


@contextmanager
def replay_bar(size_bytes: int) -> Iterator[Bar]:
    """A bar for a file of a size."""
    if not sys.stderr.isatty():
        yield Bar(None, None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.fields[day]:<10}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=sys.stderr)) as screen:
        task = screen.add_task("", total=size_bytes, day="", speed="")
        yield Bar(screen, task)
