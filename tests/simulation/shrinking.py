"""A history that breaks a law, made as short as it can be while it still breaks that law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from tests.simulation.history import Outcome, play
from tests.simulation.script import Fault, Script, Step

T = TypeVar("T")
PLAYS_MAX = 300
SEED = "TRADEPOST_SIMULATION_SEED"


def shrunk(script: Script, law: str, plays_max: int = PLAYS_MAX) -> Script:
    """The script without the steps and faults that the breach does not need."""
    left = [plays_max]

    def still(tried: Script) -> bool:
        left[0] -= 1
        broken = play(tried).broken if left[0] >= 0 else None
        return broken is not None and broken.law == law

    def with_steps(steps: tuple[Step, ...]) -> Script:
        return replace(script, steps=steps)

    def with_faults(faults: tuple[Fault, ...]) -> Script:
        return replace(script, faults=faults)

    for _ in range(2):
        script = with_steps(_fewer(script.steps, lambda some: still(with_steps(some))))
        script = with_faults(_fewer(script.faults, lambda some: still(with_faults(some))))
        script = _sooner(script, still)
    if still(replace(script, lanes=False)):
        script = replace(script, lanes=False)
    return script


def _sooner(script: Script, still: Callable[[Script], bool]) -> Script:
    """Let faults strike as soon as they may, so that fewer steps have to come before."""
    for place, fault in enumerate(script.faults):
        for at in sorted({1, 2, 3, fault.at // 2} - {0}):
            if at < fault.at:
                faults = list(script.faults)
                faults[place] = replace(fault, at=at)
                tried = replace(script, faults=tuple(faults))
                if still(tried):
                    script = tried
                    break
    return script


def _fewer(whole: tuple[T, ...], still: Callable[[tuple[T, ...]], bool]) -> tuple[T, ...]:
    """Leave out halves, quarters, and at last single ones."""
    size = max(len(whole) // 2, 1)
    while size:
        at = 0
        while at < len(whole):
            tried = whole[:at] + whole[at + size :]
            if still(tried):
                whole = tried
            else:
                at += size
        size //= 2
    return whole


def told(outcome: Outcome) -> str:
    """A failure as somebody wants to read it: the law, the shortest way there, the command."""
    assert outcome.broken is not None
    short = shrunk(outcome.script, outcome.broken.law)
    again = play(short).broken
    return (
        f"{again or outcome.broken}\n  {short}\n"
        f"again: {SEED}={outcome.script.seed} python -m tests.simulation"
    )
