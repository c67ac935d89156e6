"""One shop, three ways: a model, SQLite and PostgreSQL answer alike, whatever is wished of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import stores
from tests.simulation.chance import SimTime
from tests.simulation.counter import Counter
from tests.simulation.defects import Plant, refund_without_remainder, unguarded_sweeper
from tests.simulation.houses import House
from tradepost.platform.db.work import Store
from tradepost.platform.idempotency import Asked

EXAMPLES, STEPS = 40, 50


async def _opened(url: str) -> Store:
    return await (stores.postgres_store(url) if url else stores.sqlite_store(None))


def _compared(urls: Sequence[str], examples: int, steps: int, *, shrinks: bool = True) -> None:
    """Step the model and the stores at these addresses, an empty one for SQLite."""
    with asyncio.Runner() as runner:
        time = SimTime()
        made = [runner.run(_opened(url)) for url in urls]

        class Trading(Counter):
            pass

        Trading.runner, Trading.time = runner, time
        Trading.houses = [House(one, time) for one in made]
        try:
            run_state_machine_as_test(
                Trading,
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=steps,
                    derandomize=True,
                    database=None,
                    phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
                    deadline=None,
                    print_blob=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            for one in made:
                runner.run(one.close())


def test_model_sqlite_and_postgresql_answer_alike(postgres_url: str) -> None:
    _compared(["", postgres_url], examples=4, steps=25)


@pytest.mark.acceptance
@pytest.mark.timeout(1800)
def test_they_answer_alike_in_many_sequences(postgres_url: str) -> None:
    _compared(["", postgres_url], EXAMPLES, STEPS)


def any_answer(planted: pytest.MonkeyPatch) -> None:
    """A key is answered with what it was answered before, whatever is asked under it."""
    planted.setattr(Asked, "answered_with", lambda self, found: found.answer)


DEFECTS: dict[str, tuple[Plant, str]] = {
    "sweeper without a guard": (unguarded_sweeper, "held"),
    "refund without remainder": (refund_without_remainder, "money of orders"),
    "key for anything": (any_answer, "KeyReused"),
}
"""Each with a word of what is told of it. The others of `defects.py` need two processes."""


@pytest.mark.acceptance
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", DEFECTS)
def test_the_model_finds_a_planted_defect(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In no more sequences than those in which nothing may be found."""
    plant, told = DEFECTS[name]
    plant(monkeypatch)
    with pytest.raises(AssertionError, match=told):
        _compared([""], EXAMPLES, STEPS, shrinks=False)
