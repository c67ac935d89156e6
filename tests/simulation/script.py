"""What a history is made of: who wishes what, and what goes wrong; drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

SHOPPERS = 3
STAFF = 2
STEPS_EACH = 8

SHOPPER_STEPS = {
    "fill": 13,
    "place": 6,
    "buy": 6,
    "again": 3,
    "twist": 1,
    "cancel": 2,
    "return": 1,
    "change": 2,
}
STAFF_STEPS = {
    "pay": 4,
    "gateway": 5,
    "ship": 7,
    "complete": 1,
    "cancel": 2,
    "return": 4,
    "refund": 6,
    "receive": 3,
    "lose": 2,
    "price": 2,
    "change": 2,
}
API_FAULTS = ("busy", "again", "undone", "lost", "dies", "dies_late")
"""At a write: refused at once, to be repeated, undone or done without an answer, or the process
dies before or after the commit."""

WORKER_FAULTS = (*API_FAULTS, "sleeps", "unseated")
"""A worker may also sleep past its leases, and a leader lose its session."""

CLIENT_FAULTS = ("cut", "double", "later", "jump", "jump", "jump", "week", "skew")
"""At a wish: nobody hears the answer, it comes twice at once, it comes again later; the clocks
jump past every hold, or by a week, or one of them goes wrong by an hour."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a client does next; ``a`` and ``b`` choose among what there is then."""

    client: int
    nth: int
    kind: str
    a: int
    b: int

    def __str__(self) -> str:
        return f"client {self.client}: {self.kind} {self.a} {self.b}  [{self.nth}]"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong at the so-many-th write of the servers or workers, or wish of a client."""

    where: str
    at: int
    kind: str

    def __str__(self) -> str:
        return f"fault at {self.where} {self.at}: {self.kind}"


@dataclass(frozen=True, slots=True)
class Script:
    """A whole history before it is played; the seed draws everything that is not written here."""

    seed: int
    shop: str
    lanes: bool
    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        head = f"seed {self.seed}, shop {self.shop}, {'with' if self.lanes else 'without'} lanes"
        return "\n  ".join([head, *map(str, self.steps), *map(str, self.faults)])


def written(seed: int, shops: Sequence[str]) -> Script:
    """The script that a seed stands for."""
    draw = random.Random(f"script {seed}")
    steps = []
    for client in range(SHOPPERS + STAFF):
        kinds = SHOPPER_STEPS if client < SHOPPERS else STAFF_STEPS
        chosen = draw.choices(list(kinds), list(kinds.values()), k=STEPS_EACH)
        steps += [
            Step(client, nth, kind, draw.randrange(100), draw.randrange(100))
            for nth, kind in enumerate(chosen)
        ]
    faults = [
        Fault(where, draw.randrange(1, last), draw.choice(kinds))
        for where, kinds, last, most in (
            ("api", API_FAULTS, 50, 4),
            ("worker", WORKER_FAULTS, 90, 4),
            ("wish", CLIENT_FAULTS, 45, 6),
        )
        for _ in range(draw.randint(1, most))
    ]
    return Script(seed, draw.choice(list(shops)), draw.random() < 0.5, tuple(steps), tuple(faults))
