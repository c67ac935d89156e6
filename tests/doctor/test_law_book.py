"""The book of laws: names, damages, and what an identifier may name."""

from __future__ import annotations

from tests.doctor.damages import DAMAGES
from tests.stores import TABLES
from tradepost.platform.db.schema import TENANT_OWNED
from tradepost.wiring.doctor import LAWS
from tradepost.wiring.doctor.facts import STREAMS, TOLD_BY_OTHERS
from tradepost.wiring.doctor.references import BY_KIND, references


def test_each_law_has_a_name_of_its_own_and_a_damage() -> None:
    names = [law.name for law in LAWS]
    assert len(set(names)) == len(names)
    assert sorted(DAMAGES) == sorted(names)


def test_each_law_is_a_sentence_over_tables_that_are_there() -> None:
    for law in LAWS:
        assert law.sentence[0].isupper() and law.sentence.endswith("."), law.name
        assert set(law.tables) <= TABLES.keys(), law.name


def test_whatever_has_versions_is_told_by_somebody() -> None:
    told = STREAMS.keys() | TOLD_BY_OTHERS.keys() | {"event_log", "outbox"}
    versioned = {
        name for name, t in TABLES.items() if "version" in t.c and t.info.get(TENANT_OWNED)
    }
    assert versioned == told - (told - versioned) and versioned <= told


def test_every_identifier_names_a_row_or_says_why_not() -> None:
    found = references()
    assert {one.target for one in found} <= TABLES.keys()
    named = {(one.table, one.column, one.kind_column) for one in found}
    assert BY_KIND.keys() <= named
