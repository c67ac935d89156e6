"""A plot of figures, as SVG: how much of what is wanted was reached, one bar for each target."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

TARGETS: tuple[tuple[str, str, float], ...] = (
    ("lanes: orders/s, PostgreSQL", "lanes/postgresql/lane/per_second", 2000),
    ("lanes: times the plain way, PostgreSQL", "lanes/postgresql/times", 8),
    ("lanes: orders/s, SQLite", "lanes/sqlite/lane/per_second", 1000),
    ("lanes: times the plain way, SQLite", "lanes/sqlite/times", 2.5),
    ("HTTP: checkouts/s x64, SQLite", "http/sqlite/checkout x64/ours/per_second", 500),
    ("HTTP: checkout x64, of pgbench", "http/postgresql/checkout x64/pgbench/ours_to_it", 0.8),
    ("HTTP: orders by cart/s, PostgreSQL", "http/postgresql/cart x64/ours/per_second", 500),
    ("reads: list kept, of the floor", "reads/sqlite/list of 24/ratios/kept", 0.5),
    ("reads: list anew, of the floor", "reads/sqlite/list of 24/ratios/anew", 0.08),
    (
        "beside hot: share of the rate, at the bus",
        "beside/postgresql/bus/pause 0.03 s/rate_share",
        0.9,
    ),
    (
        "beside hot: share of the rate, over HTTP",
        "beside/postgresql/http/pause 0.03 s/rate_share",
        0.9,
    ),
    ("overload: share of the orders, PostgreSQL", "overload/postgresql/share", 0.8),
    ("overload: share of the orders, SQLite", "overload/sqlite/share", 0.8),
)
"""What is shown, where its figure is, and how much is wanted at least."""
WIDTH, NAMES, ROW, SCALE_MAX = 860, 320, 26, 3.0


def plotted(found: dict[str, Any]) -> str:
    """All targets of which there is a figure; the line is what is wanted."""
    rows = list(_rows(found))
    height = 60 + ROW * len(rows)
    unit = (WIDTH - NAMES - 120) / SCALE_MAX
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="22">{escape(_heading(found))}</text>',
    ]
    for place, (name, value, wanted) in enumerate(rows):
        top = 36 + place * ROW
        share = min(value / wanted, SCALE_MAX)
        colour = "#2a7" if value >= wanted else "#c55"
        parts += [
            f'<text x="{NAMES - 8}" y="{top + 15}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{NAMES}" y="{top + 3}" width="{share * unit:.1f}" height="16" '
            f'fill="{colour}"/>',
            f'<text x="{NAMES + share * unit + 6:.1f}" y="{top + 15}">'
            f"{value:g} of {wanted:g}</text>",
        ]
    line = NAMES + unit
    parts.append(
        f'<line x1="{line:.1f}" y1="32" x2="{line:.1f}" y2="{height - 18}" stroke="#333"/>'
    )
    return "\n".join([*parts, "</svg>", ""])


def _rows(found: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
    for name, path, wanted in TARGETS:
        value: Any = found
        for part in path.split("/"):
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, int | float):
            yield name, value, wanted


def _heading(found: dict[str, Any]) -> str:
    machine = found.get("machine", {})
    load = ", ".join(map(str, machine.get("load_average", [])))
    return (
        f"Reached, the line is what is wanted. {machine.get('at', '')}, {machine.get('cpus', '')}"
        f" cores, load average {load}"
    )
