"""Whether transactions that append to lists and read them can have run one after the other.

The final list of a key tells in which order its appends took effect, so what depends on what is
known (Adya; the way of Elle): a read sees the write before it (wr) and misses the next (rw), and
writes follow each other (ww). A cycle among committed transactions means that no order of them all
explains what was seen; its edges name the anomaly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Value = int


@dataclass
class Transaction:
    """What one committed transaction appended and read, by key; reads come before its appends."""

    appended: dict[str, list[Value]] = field(default_factory=dict)
    read: dict[str, list[Value]] = field(default_factory=dict)


Edges = dict[tuple[int, int], set[str]]


@dataclass(frozen=True)
class Anomaly:
    """Transactions that each depend on all the others, and how that is called."""

    name: str
    members: tuple[int, ...]


def anomalies(ran: Sequence[Transaction], final: Mapping[str, Sequence[Value]]) -> list[Anomaly]:
    """Every knot of dependencies; and reads of what was never in a final list's beginning."""
    torn = [
        Anomaly("torn read", (number,))
        for number, one in enumerate(ran)
        for key, seen in one.read.items()
        if list(final.get(key, []))[: len(seen)] != seen
    ]
    edges = dependencies(ran, final)
    knots = [part for part in components(len(ran), edges) if len(part) > 1]
    return torn + [Anomaly(_named(part, edges), tuple(sorted(part))) for part in knots]


def dependencies(ran: Sequence[Transaction], final: Mapping[str, Sequence[Value]]) -> Edges:
    """Who comes before whom, and by what."""
    writer = {
        (key, value): number
        for number, one in enumerate(ran)
        for key, values in one.appended.items()
        for value in values
    }
    edges: Edges = {}

    def edge(before: int | None, after: int | None, how: str) -> None:
        if before is not None and after is not None and before != after:
            edges.setdefault((before, after), set()).add(how)

    for key, values in final.items():
        writers = [writer.get((key, value)) for value in values]
        for before, after in pairwise(writers):
            edge(before, after, "ww")
        for number, one in enumerate(ran):
            if (seen := one.read.get(key)) is None:
                continue
            if seen:
                edge(writer.get((key, seen[-1])), number, "wr")
            if len(seen) < len(writers):
                edge(number, writers[len(seen)], "rw")
    return edges


def components(count: int, edges: Edges) -> list[set[int]]:
    """Strongly connected parts (Tarjan), without recursion."""
    follows: dict[int, list[int]] = {}
    for before, after in edges:
        follows.setdefault(before, []).append(after)
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    held: set[int] = set()
    parts: list[set[int]] = []
    for root in range(count):
        if root in order:
            continue
        walk = [(root, iter(follows.get(root, ())))]
        order[root] = low[root] = len(order)
        stack.append(root)
        held.add(root)
        while walk:
            node, rest = walk[-1]
            for after in rest:
                if after not in order:
                    order[after] = low[after] = len(order)
                    stack.append(after)
                    held.add(after)
                    walk.append((after, iter(follows.get(after, ()))))
                    break
                if after in held:
                    low[node] = min(low[node], order[after])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == order[node]:
                    place = stack.index(node)
                    parts.append(set(stack[place:]))
                    held.difference_update(stack[place:])
                    del stack[place:]
    return parts


def _named(part: set[int], edges: Edges) -> str:
    hows = [how for (a, b), how in edges.items() if a in part and b in part]
    kinds = set[str]().union(*hows)
    if "rw" in kinds:
        return "G2" if sum(how == {"rw"} for how in hows) > 1 else "G-single"
    return "G1c" if "wr" in kinds else "G0"
