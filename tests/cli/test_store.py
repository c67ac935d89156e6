"""``tradepost migrate`` and ``tradepost settings``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import stores
from tests.cli.conftest import Run
from tests.conftest import apart
from tests.servers import create_database
from tradepost.migrations import history
from tradepost.platform.db.sqlite import SqliteStore


def test_migrate_makes_the_store_once(run: Run, tmp_path: Path) -> None:
    assert run("migrate", "--check").code == 1
    assert run("migrate", "--json").json == {
        "before": "0000",
        "after": history.head(),
        "by_us": True,
    }
    assert (tmp_path / "data" / "store.sqlite").exists()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0, "nobody else may look"
    assert "up to date" in run("migrate").err
    assert run("migrate", "--check").code == 0


def test_the_data_folder_can_be_named(run: Run, tmp_path: Path) -> None:
    assert run("--data-dir", str(tmp_path / "elsewhere"), "migrate").code == 0
    assert (tmp_path / "elsewhere" / "store.sqlite").exists()


def test_a_store_that_somebody_else_is_making_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    store = SqliteStore(tmp_path / "data" / "store.sqlite")
    try:
        said = run("migrate", "--wait", "0.1")
    finally:
        apart(store.close())
    assert said.code == 1
    assert "already written to by process" in said.err


def test_migrate_makes_a_database(
    run: Run, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    url = apart(create_database(postgres_url))
    monkeypatch.setenv("TRADEPOST_DATABASE_URL", stores.as_role(url, stores.APP_ROLE))
    monkeypatch.setenv("TRADEPOST_RELAY_DATABASE_URL", stores.as_role(url, stores.RELAY_ROLE))
    monkeypatch.setenv("TRADEPOST_ADMIN_DATABASE_URL", url)
    sql = run("migrate", "--sql").out
    assert sql.startswith("BEGIN;")
    assert "CREATE TABLE orders (" in sql
    assert run("migrate", "--json").json["by_us"]
    monkeypatch.delenv("TRADEPOST_ADMIN_DATABASE_URL")
    assert run("tenant", "create", "tea", "--name", "Tea", "--currency", "GBP").code == 0
    assert [one["code"] for one in run("tenant", "list", "--json").json] == ["tea"]
    assert run("migrate").code == 1, "without the admin nothing can be migrated"


def test_a_database_that_is_not_there_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEPOST_DATABASE_URL", "postgresql://a@127.0.0.1:1/tradepost")
    monkeypatch.setenv("TRADEPOST_RELAY_DATABASE_URL", "postgresql://b@127.0.0.1:1/tradepost")
    said = run("tenant", "list")
    assert said.code == 1
    assert "cannot be reached" in said.err


def test_every_fault_of_the_settings_is_told_in_one_table(run: Run) -> None:
    said = run("settings", "check")
    assert said.code == 2
    assert said.err.startswith("6 settings to put right:")
    assert said.err.count("is missing.") == 6


def test_settings_are_shown_without_secrets(run: Run, tmp_path: Path) -> None:
    text = run("settings", "template", "--with-secrets").out
    (tmp_path / "tradepost.env").write_text(text)
    shown = {one["name"]: one for one in run("settings", "check", "--json").json}
    assert shown["TRADEPOST_PUBLIC_SECRET"]["value"] == "set"
    assert shown["TRADEPOST_PUBLIC_SECRET"]["source"] == "tradepost.env"
    secrets = [line.partition("=")[2] for line in text.splitlines() if "_SECRET=" in line]
    assert len(secrets) == 6
    assert not any(secret in json.dumps(shown) + run("settings", "check").out for secret in secrets)
