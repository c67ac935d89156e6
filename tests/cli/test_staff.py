"""``tradepost staff``: people of a shop and of the platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import apart
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.identity.storage import STAFF, staff
from tradepost.kernel.ids import TenantId
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.statement import Statement
from tradepost.tenancy.queries import TenantProfiles

ADA = ("tea", "ada@example.com")
PASSWORD = "correct horse battery"
_HASHES = Statement(STAFF.select.order_by(staff.c.email_key))


@pytest.fixture
def shop(run: Run) -> Run:
    """The command line with a shop."""
    assert run("tenant", "create", "tea", "--name", "Tea", "--currency", "GBP").code == 0
    return run


def _fits(folder: Path, password: str) -> bool:
    """Whether it is the password of the shop's only member of staff."""

    async def look() -> bool:
        store = SqliteStore(folder / "data" / "store.sqlite", read_only=True)
        hasher = Argon2Hasher(threads=1)
        try:
            profile = await TenantProfiles(store).by_code("tea")
            assert profile is not None
            found = await store.read(TenantId(profile.id), lambda db: STAFF.all(db, _HASHES))
            return await hasher.verify(found[0].password_hash, password)
        finally:
            hasher.close()
            await store.close()

    return apart(look())


def test_somebody_is_taken_on_with_a_password_from_a_file(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    said = shop(
        *("staff", "create", *ADA, "--name", "Ada", "--role", "admin", "--role", "cashier"),
        *("--password-file", "password", "--json"),
    )
    assert said.json["roles"] == ["admin", "cashier"]
    assert PASSWORD not in said.out
    (listed,) = shop("staff", "list", "tea", "--json").json
    assert (listed["email"], listed["status"]) == ("ada@example.com", "active")
    assert "password_hash" not in listed
    assert _fits(tmp_path, PASSWORD)


def test_a_made_up_password_is_printed_once_and_replaced_by_another(
    shop: Run, tmp_path: Path
) -> None:
    first = shop("staff", "create", *ADA, "--name", "Ada", "--role", "admin", "--generate")
    assert _fits(tmp_path, first.out.strip())
    second = shop("staff", "password", *ADA, "--generate")
    assert first.out != second.out
    assert _fits(tmp_path, second.out.strip())
    assert not _fits(tmp_path, first.out.strip())


def test_somebody_is_let_go_signed_out_and_taken_back(shop: Run) -> None:
    create = ("staff", "create", *ADA, "--name", "Ada", "--role", "viewer", "--generate")
    assert shop(*create).code == 0
    assert shop("staff", "sign-out", *ADA).code == 0
    assert shop("staff", "disable", "tea", "Ada@Example.com").code == 0
    assert shop("staff", "list", "tea", "--json").json[0]["status"] == "disabled"
    assert shop("staff", "enable", *ADA).code == 0
    assert "active" in shop("staff", "list", "tea").out


def test_what_cannot_be_is_refused(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short")
    create = ("staff", "create", *ADA, "--name", "Ada", "--role")
    said = shop(*create, "admin", "--password-file", "short")
    assert (said.code, "shorter than" in said.err) == (1, True)
    assert "super_admin" in shop(*create, "super_admin", "--generate").err
    assert shop(*create, "no_such_role", "--generate").code == 1
    assert shop("staff", "disable", "tea", "nobody@example.com").code == 1
    assert shop("staff", "list", "tea", "--json").json == []


def test_the_platform_has_people_of_its_own(shop: Run) -> None:
    create = ("staff", "create", "@platform", "root@example.com", "--name", "Op")
    assert shop(*create, "--role", "super_admin", "--generate").code == 0
    assert len(shop("staff", "list", "@platform", "--json").json) == 1
    assert shop("staff", "list", "tea", "--json").json == []
