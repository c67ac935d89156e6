"""``tradepost doctor``: figures and breaches for eyes and scripts, on both stores."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from tests import stores
from tests.cli.conftest import Run
from tests.conftest import apart
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.wiring.doctor import LAWS

DAMAGE = "UPDATE tenants SET version = version + 1 WHERE code = 'tea'"


@pytest.fixture
def shops(run: Run) -> None:
    """A store with two shops."""
    assert run("migrate").code == 0
    for code in ("tea", "ink"):
        made = run("tenant", "create", code, "--name", code.title(), "--currency", "GBP")
        assert made.code == 0, made.err


def _broken(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "data" / "store.sqlite")) as store:
        assert store.execute(DAMAGE).rowcount == 1
        store.commit()


@pytest.mark.usefixtures("shops")
def test_a_sound_store_is_told_law_by_law_and_shop_by_shop(run: Run) -> None:
    said = run("doctor")
    assert said.code == 0, said.out
    for law in LAWS:
        assert law.name in said.out
    assert f"Sound: {len(LAWS)} laws in 2 shops" in said.out
    report = run("doctor", "--json").json
    assert report["holds"] and report["breaches"] == []
    assert [one["name"] for one in report["laws"]] == [law.name for law in LAWS]
    assert [one["code"] for one in report["shops"]] == ["ink", "tea"]
    assert all(one["rows"] > 0 for one in report["shops"])


@pytest.mark.usefixtures("shops")
def test_a_broken_law_is_told_with_its_rows_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    _broken(tmp_path)
    said = run("doctor")
    assert said.code == 1
    assert "Broken: facts.told" in said.out
    report = run("doctor", "--json")
    assert report.code == 1
    assert '"law": "facts.told"' in report.out and '"shop": "tea"' in report.out


@pytest.mark.usefixtures("shops")
def test_shops_and_laws_can_be_chosen(run: Run, tmp_path: Path) -> None:
    _broken(tmp_path)
    assert run("doctor", "--tenant", "ink").code == 0
    assert run("doctor", "--law", "stock", "--law", "ledger.orders").code == 0
    assert run("doctor", "--tenant", "tea", "--law", "facts").code == 1
    (stock, *_) = run("doctor", "--law", "stock.on_hand", "--json").json["laws"]
    assert (stock["name"], stock["breaches"]) == ("stock.on_hand", 0)
    assert run("doctor", "--tenant", "nobody").code == 1
    unknown = run("doctor", "--law", "stock.magic")
    assert unknown.code == 2 and "there is no law stock.magic" in unknown.err


@pytest.mark.usefixtures("shops")
def test_the_store_may_be_in_use(run: Run, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "data" / "store.sqlite")
    try:
        assert run("doctor").code == 0
    finally:
        apart(store.close())


def test_laws_are_listed_without_a_store(run: Run, tmp_path: Path) -> None:
    said = run("doctor", "--list")
    assert said.code == 0
    for law in LAWS:
        assert law.name in said.out and law.sentence in said.out
    ledger = run("doctor", "--list", "--law", "ledger", "--json").json
    assert {one["name"].split(".")[0] for one in ledger} == {"ledger"}
    assert not (tmp_path / "data").exists()
    assert run("doctor").code == 1, "there is nothing to look at, and nothing is made"
    assert not (tmp_path / "data").exists()


def test_a_database_is_examined_as_the_app_role(
    run: Run, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    url, app, relay = apart(stores.postgres_database(postgres_url))
    monkeypatch.setenv("TRADEPOST_DATABASE_URL", app)
    monkeypatch.setenv("TRADEPOST_RELAY_DATABASE_URL", relay)
    assert run("tenant", "create", "tea", "--name", "Tea", "--currency", "GBP").code == 0
    assert run("doctor").code == 0

    async def damage() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(DAMAGE)
        await connection.close()

    apart(damage())
    said = run("doctor")
    assert said.code == 1
    assert "Broken: facts.told" in said.out
