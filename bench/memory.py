"""Memory of a served shop over very many requests of all kinds: does it stay where it is?

    python -m bench.memory [--stores sqlite postgresql] [--requests 1000000] [--minutes 20]
                           [--json FILE]

Lists, details, carts and orders of guests who each come once, by turns. After each stage the
resident memory of the serving process is noted. What counts is the slope once it is warm: how many
bytes a request leaves behind, over the last two thirds of the stages.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bench.asking import arguments, tell_by_store
from bench.houses import Houses, opened
from bench.http import plans
from bench.shoppers import send_shopping

SHOPPERS = 16
STAGES = 20
WARM_STAGES = STAGES // 3
STAGE_SECONDS_MAX = 600
BYTES_A_REQUEST_MAX = 20
"""A leak of one small object a request is more than this."""


def resident_bytes(pid: int) -> int:
    """What a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def slope(points: list[tuple[int, int]]) -> float:
    """By how much the second grows with the first (least squares)."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - middle_x) ** 2 for x in xs)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread


def watched(houses: Houses, requests: int, minutes: float) -> list[tuple[int, int]]:
    """Requests answered so far and bytes held, after each stage."""
    (app,) = houses.apps
    points = [(0, resident_bytes(app.pid))]
    until = time.monotonic() + minutes * 60
    tries = max(1, requests // STAGES // SHOPPERS)
    while len(points) <= STAGES and (time.monotonic() < until or len(points) < 4):
        told = send_shopping(plans(houses, "mixed", SHOPPERS, STAGE_SECONDS_MAX, tries=tries))
        points.append((points[-1][0] + len(told.took_ms), resident_bytes(app.pid)))
        rate, size = len(told.took_ms) / told.seconds, points[-1][1] / 1e6
        print(f"{points[-1][0]:>9,} requests  {size:6.1f} MB  {rate:5.0f}/s  {told.answers}")
    return points


def measured(kind: str, requests: int, minutes: float) -> dict[str, Any]:
    """The figures of one store."""
    with opened(kind, 1) as houses:
        houses.hire()
        points = watched(houses, requests, minutes)
    warm = points[min(WARM_STAGES, len(points) - 3) :]
    left = round(slope(warm), 1)
    print(f"{kind:<10} {left:.1f} bytes a request stay, wanted at most {BYTES_A_REQUEST_MAX}")
    return {"bytes_a_request": left, "points": points}


def main() -> None:
    """Measure and tell."""
    asked = arguments(__doc__)
    asked.add_argument("--requests", type=int, default=1_000_000)
    asked.add_argument("--minutes", type=float, default=20, help="at most, for each store")
    given = asked.parse_args()
    tell_by_store(given, "memory", lambda kind: measured(kind, given.requests, given.minutes))


if __name__ == "__main__":
    main()
