"""How the command line shows things: aligned tables for eyes, JSON for scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import click
import msgspec

PIPE_WIDTH = 240
"""Columns of a table that no terminal limits; what reads a pipe wants whole lines."""


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Iterable[str] = (),
    to: TextIO | None = None,
) -> None:
    """Rows under headings, figures to the ``right``; in colour only on a terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    stream = to or sys.stdout
    console = Console(file=stream, width=None if stream.isatty() else PIPE_WIDTH, highlight=False)
    figures = set(right)
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading in headings:
        made.add_column(heading, justify="right" if heading in figures else "left")
    for row in rows:
        made.add_row(*(Text(plain(cell)) for cell in row))
    with console.capture() as taken:
        console.print(made)
    stream.write("".join(f"{line.rstrip()}\n" for line in taken.get().splitlines()))


def plain(value: object) -> str:
    """A value as a person reads it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(plain(one) for one in value) or "–"
    return str(value)


def as_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


def done(text: str) -> None:
    """That something was done."""
    click.echo(f"{click.style('✓', fg='green')} {text}", err=True)


json_option = click.option("--json", "json_", is_flag=True, help="Answer in JSON, for scripts.")
