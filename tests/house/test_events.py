"""The contracts of the facts in docs/events say what the facts are."""

from __future__ import annotations

import dataclasses
import re

from tests.house.source import ROOT
from tradepost.kernel.messages import Fact
from tradepost.platform.facts import FactBook, published
from tradepost.platform.schemas import schema_texts, write_schemas

REMEDY = "run python -m tradepost.platform.schemas docs/events"


def test_contracts_and_facts_agree() -> None:
    folder = ROOT / "docs" / "events"
    texts = schema_texts()
    assert {path.name for path in folder.glob("*.json")} == set(texts), REMEDY
    for name, text in texts.items():
        assert (folder / name).read_text(encoding="utf-8") == text, f"{name}: {REMEDY}"


def test_a_fact_that_changes_changes_its_contract() -> None:
    order = published().facts["order.placed"]
    wider = dataclasses.make_dataclass(
        "OrderPlaced", [("gift", bool, False)], bases=(order,), frozen=True, kw_only=True
    )
    assert schema_texts([wider]).keys() == schema_texts([order]).keys()
    assert schema_texts([wider]) != schema_texts([order])


def test_writing_leaves_no_contract_of_what_is_gone(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "note.forgotten.json").write_text("{}")
    written = write_schemas(folder)
    assert sorted(folder.iterdir()) == written
    assert len(written) == len(published().facts)


def test_facts_have_the_names_of_the_field() -> None:
    for name, fact in published().facts.items():
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", name), name
        assert fact.key in {field.name for field in dataclasses.fields(fact)}, name


def test_two_facts_of_one_name_are_a_defect() -> None:
    one = next(iter(published().facts.values()))
    other: type[Fact] = dataclasses.make_dataclass("Other", [], bases=(one,), frozen=True)
    try:
        FactBook([one, other])
    except AssertionError as error:
        assert one.name in str(error)
    else:
        raise AssertionError("two facts of one name were taken")
