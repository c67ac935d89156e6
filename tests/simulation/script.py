"""What a history is made of: who wishes what, and what goes wrong; drawn from a seed.

Most histories are small, so that there can be many of them; every fiftieth is a whole one, with
more clients, workers, consumers, sweeps and faults. A seed says which.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

WHOLE_EVERY = 50

WISHES_MIN = 30
"""Fewer than so many wishes are no history."""

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
class Size:
    """How large a history is: who is there, how long they go on, how much may go wrong."""

    shoppers: int
    staff: int
    steps_each: int
    together: float
    """How many shoppers do what the others do just then, so that lanes gather their wishes."""
    wishes: int
    """Clients begin nothing new once so many wishes were sent in all; repetitions count."""
    asked_again: int
    """How many of those who were granted something ask again when all is over, at least."""
    servers: tuple[int, ...]
    """How many, one of these."""
    workers: tuple[int, ...]
    """Likewise."""
    faults: tuple[tuple[str, tuple[str, ...], int, int, int], ...]
    """Where, which, up to which write or wish, how many at least and at most."""
    lanes: float
    """How many of the histories have lanes."""
    paces: tuple[tuple[float, float], ...]
    """How long clients think at most and how often the workers sweep, in seconds: one of these."""
    is_whole: bool
    """With consumers and sweeps that find nothing to do here, which compete with the others."""


SMALL = Size(
    shoppers=8,
    staff=2,
    steps_each=8,
    together=0.8,
    wishes=16,
    asked_again=1,
    servers=(1, 2),
    workers=(1, 1, 1, 2),
    faults=(
        ("api", API_FAULTS, 4, 1, 2),
        ("worker", WORKER_FAULTS, 15, 0, 2),
        ("wish", CLIENT_FAULTS, 15, 0, 2),
    ),
    lanes=0.9,
    paces=((0.001, 0.15), (0.001, 0.15), (0.02, 0.08)),
    is_whole=False,
)
WHOLE = Size(
    shoppers=3,
    staff=2,
    steps_each=8,
    together=0.0,
    wishes=1000,
    asked_again=8,
    servers=(2,),
    workers=(2,),
    faults=(
        ("api", API_FAULTS, 50, 1, 4),
        ("worker", WORKER_FAULTS, 90, 1, 4),
        ("wish", CLIENT_FAULTS, 45, 1, 6),
    ),
    lanes=0.5,
    paces=((0.06, 0.08),),
    is_whole=True,
)


@dataclass(frozen=True, slots=True)
class Script:
    """A history before it is played; the seed draws everything that is not written here."""

    seed: int
    size: Size
    shop: str
    lanes: bool
    servers: int
    workers: int
    think_s_max: float
    sweep_every_s: float
    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        lanes = "with" if self.lanes else "without"
        processes = f"servers: {self.servers}, workers: {self.workers}"
        head = f"seed {self.seed}, shop {self.shop}, {lanes} lanes, {processes}"
        return "\n  ".join([head, *map(str, self.steps), *map(str, self.faults)])


def size_of(seed: int) -> Size:
    """How large the history of a seed is."""
    return SMALL if seed % WHOLE_EVERY else WHOLE


def _steps(draw: random.Random, size: Size) -> list[Step]:
    """What everybody does, client by client."""
    waves = draw.choices(list(SHOPPER_STEPS), list(SHOPPER_STEPS.values()), k=size.steps_each)
    steps = []
    for client in range(size.shoppers + size.staff):
        kinds = SHOPPER_STEPS if client < size.shoppers else STAFF_STEPS
        own = draw.choices(list(kinds), list(kinds.values()), k=size.steps_each)
        for nth, (wave, kind) in enumerate(zip(waves, own, strict=True)):
            is_with_others = client < size.shoppers and draw.random() < size.together
            chosen = wave if is_with_others else kind
            steps.append(Step(client, nth, chosen, draw.randrange(100), draw.randrange(100)))
    return steps


def written(seed: int, shops: Sequence[str]) -> Script:
    """The script that a seed stands for."""
    draw = random.Random(f"script {seed}")
    size = size_of(seed)
    steps = _steps(draw, size)
    faults = [
        Fault(where, draw.randrange(1, last), draw.choice(kinds))
        for where, kinds, last, least, most in size.faults
        for _ in range(draw.randint(least, most))
    ]
    return Script(
        seed,
        size,
        draw.choice(list(shops)),
        draw.random() < size.lanes,
        draw.choice(size.servers),
        draw.choice(size.workers),
        *draw.choice(size.paces),
        tuple(steps),
        tuple(faults),
    )
