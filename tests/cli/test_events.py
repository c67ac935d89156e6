"""``tradepost events`` and ``tradepost search``, beside nobody and beside a worker's store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.conftest import apart
from tradepost.kernel.messages import SYSTEM, Scope, Told
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.consumers.parked import Patience
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Work
from tradepost.platform.worker import Worker, WorkerPlan
from tradepost.tenancy.commands import CreateStore
from tradepost.tenancy.queries import TenantProfiles
from tradepost.wiring.parts import build_bus

FACTS = ["tenant.created", "tenant.state_changed", "tenant.state_changed"]


@dataclass
class Stumbling:
    """A consumer that fails as long as it is told to."""

    fails: bool = True
    seen: int = 0

    async def effect(self, bus: Bus, work: Work, told: Sequence[Told[Any]]) -> None:
        """Fail, or count."""
        if self.fails:
            raise ValueError("cannot take it")
        self.seen += len(told)


def _worked(folder: Path, stumbling: Stumbling | None = None, *, open_store: bool = False) -> None:
    """Run the relay and one consumer over the store of the folder until nothing is left to do."""

    async def whole() -> None:
        store = SqliteStore(folder / "data" / "store.sqlite")
        try:
            bus = build_bus(store)
            if open_store:
                profile = await TenantProfiles(store).by_code("tea")
                assert profile is not None
                await bus.send(Scope(profile.id, SYSTEM), CreateStore("side", "Side"))
            consumers = []
            if stumbling is not None:
                names = frozenset({"store.created"})
                consumers.append(Consumer("stumbling", names, stumbling.effect))
            plan = WorkerPlan(patience=Patience(tries_max=1, first_s=0.0))
            await Worker(bus, consumers, plan=plan).settle()
        finally:
            await store.close()

    apart(whole())


@pytest.fixture
def shop(run: Run, tmp_path: Path) -> Run:
    """The command line with a shop whose facts have their numbers."""
    assert run("tenant", "create", "tea", "--name", "Tea", "--currency", "GBP").code == 0
    _worked(tmp_path)
    return run


def test_facts_are_listed_in_order(shop: Run) -> None:
    facts = shop("events", "list", "tea", "--json").json
    assert [fact["name"] for fact in facts] == FACTS
    assert [fact["seq"] for fact in facts] == [1, 2, 3]
    later = shop("events", "list", "tea", "--after", "1", "--limit", "1", "--json").json
    assert [fact["seq"] for fact in later] == [2]
    named = shop("events", "list", "tea", "--name", "tenant.created", "--json").json
    assert len(named) == 1
    trail = shop("events", "list", "tea", "--of", facts[0]["stream_id"], "--json").json
    assert [fact["seq"] for fact in trail] == [3, 2, 1]
    assert "tenant.created" in shop("events", "list", "tea").out


def test_facts_are_followed_a_line_each(shop: Run) -> None:
    said = shop("events", "follow", "tea", "--after", "0", "--count", "2", "--json")
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [fact["name"] for fact in lines] == FACTS[:2]
    assert len(shop("events", "follow", "tea", "--after", "1", "--count", "1").out.split("\n")) == 2


def test_dead_letters_are_looked_at_replayed_and_let_pass(shop: Run, tmp_path: Path) -> None:
    stumbling = Stumbling()
    _worked(tmp_path, stumbling, open_store=True)
    found = shop("events", "letters", "list", "tea", "--json").json
    (letter,) = found["dead_letters"]
    assert (letter["consumer"], letter["name"]) == ("stumbling", "store.created")
    assert len(found["waiting"]) == 1
    assert "cannot take it" in shop("events", "letters", "list", "tea").out
    named = ("tea", "stumbling", letter["event_id"])
    shown = shop("events", "letters", "show", *named)
    assert json.loads(json.loads(shown.out)["body"])["code"] == "side"
    assert shop("events", "letters", "replay", *named).code == 0
    stumbling.fails = False
    _worked(tmp_path, stumbling)
    assert stumbling.seen == 1
    assert shop("events", "letters", "list", "tea", "--json").json["dead_letters"] == []
    assert shop("events", "letters", "replay", *named).code == 1


def test_a_dead_letter_can_be_given_up(shop: Run, tmp_path: Path) -> None:
    stumbling = Stumbling()
    _worked(tmp_path, stumbling, open_store=True)
    (letter,) = shop("events", "letters", "list", "tea", "--json").json["dead_letters"]
    assert shop("events", "letters", "pass", "tea", "stumbling", letter["event_id"]).code == 0
    _worked(tmp_path, stumbling)
    found = shop("events", "letters", "list", "tea", "--json").json
    assert found == {"dead_letters": [], "waiting": []}


def test_schemas_are_printed_and_written(run: Run, tmp_path: Path) -> None:
    printed = json.loads(run("events", "schemas").out)
    assert printed["tenant.created"]["x-stream"] == "tenant"
    assert run("events", "schemas", "--folder", "out").code == 0
    written = {path.stem for path in (tmp_path / "out").glob("*.json")}
    assert written == printed.keys()


def test_the_index_is_made_anew_and_searched(shop: Run, tmp_path: Path) -> None:
    assert shop("search", "rebuild").code == 0
    assert (tmp_path / "data" / "search").is_dir()
    assert shop("search", "query", "tea", "green", "--json").json["total"] == 0
    assert shop("search", "query", "tea", "x" * 200).code == 1


def test_reading_makes_no_store(run: Run, tmp_path: Path) -> None:
    said = run("tenant", "list")
    assert (said.code, "tradepost migrate" in said.err) == (1, True)
    assert not (tmp_path / "data").exists()
