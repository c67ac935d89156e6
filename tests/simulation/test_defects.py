"""The harness bites: each planted defect is found, and named by the law that it breaks."""

from __future__ import annotations

import pytest

from tests.simulation.defects import DEFECTS
from tests.simulation.history import play
from tests.simulation.script import WHOLE_EVERY, written
from tests.simulation.shops import SETTINGS
from tests.simulation.shrinking import SEED, shrunk, told

SEEDS = (*range(1, 40), *range(0, 60 * WHOLE_EVERY, WHOLE_EVERY))
"""Small histories first, then whole ones."""
SHOPS = list(SETTINGS)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, law = DEFECTS[name]
    plant(monkeypatch)
    broken = set()
    for seed in SEEDS:
        outcome = play(written(seed, SHOPS))
        if outcome.broken:
            broken.add(outcome.broken.law)
        if law in broken:
            return
    pytest.fail(f"{name}: not named in {len(SEEDS)} histories, which broke {sorted(broken)}")


def test_a_failure_is_told_in_a_few_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    plant, law = DEFECTS["key kept by itself"]
    plant(monkeypatch)
    found = (play(written(seed, SHOPS)) for seed in SEEDS)
    outcome = next(one for one in found if one.broken and one.broken.law == law)
    short = shrunk(outcome.script, law)
    assert len(short.steps) <= 3 and len(short.faults) <= 2
    text = told(outcome)
    assert text.startswith(law)
    assert f"{SEED}={outcome.script.seed}" in text
