"""The project keeps its rules, and every rule is shown to catch what it is there for."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.house import rules, source
from tests.house.source import Source

STORAGE = "src/tradepost/catalog/storage.py"
COMMANDS = "src/tradepost/catalog/commands.py"
DOMAIN = "src/tradepost/catalog/domain/cart.py"
TEST = "tests/catalog/test_products.py"
DECISION = "docs/decisions/0007-money.md"
FOUR_PARTS = "# 7\n## Context\na\n## Decision\nb\n## Alternatives\nc\n## Consequences\nd\n"

HIDE = "~"
"""Taken out of a sample before it is judged, so that this file itself breaks no rule."""

BAD: list[tuple[rules.Rule, str, str]] = [
    (rules.file_length, DOMAIN, "a = 1\n" * 501),
    (rules.line_length, DOMAIN, f'a = "{"x" * 95}"\n'),
    (rules.function_length, DOMAIN, "class A:\n    def f(self):\n" + "        a = 1\n" * 70),
    (rules.handler_length, COMMANDS, 'async def place():\n    """Place."""\n' + "    a = 1\n" * 20),
    (
        rules.handler_length,
        "src/tradepost/catalog/reactions/stock.py",
        "async def f():\n    g(\n" + "        1,\n" * 18 + "    )",
    ),
    (rules.scoped_statements, STORAGE, "from sqlalchemy import select\nselect(t)"),
    (rules.scoped_statements, STORAGE, "from sqlalchemy import select as pick\npick(t)"),
    (
        rules.scoped_statements,
        STORAGE,
        "from sqlalchemy.dialects.postgresql import insert\ninsert(t)",
    ),
    (rules.scoped_statements, STORAGE, "import sqlalchemy as sa\nsa.text('x')"),
    (rules.scoped_statements, "src/tradepost/catalog/queries/list.py", "t.update().values(a=1)"),
    (rules.scoped_statements, STORAGE, "db.rows('select id from product')"),
    (rules.scoped_statements, STORAGE, "db.run(f'DELETE FROM {name} where true')"),
    (rules.scoped_statements, STORAGE, "db.run('''\n  update product set a = 1''')"),
    (rules.commits, STORAGE, "await work.commit()"),
    (rules.commits, "src/tradepost/wiring.py", "end = connection.commit"),
    (rules.floats, "src/tradepost/kernel/money/rate.py", "rate = 0.1"),
    (rules.floats, DOMAIN, "def f(price: float) -> None: ..."),
    (rules.floats, STORAGE, "price = float(row.price)"),
    (rules.floats, "src/tradepost/events/ordering.py", "weight = 1e3"),
    (rules.prints, "src/tradepost/platform/bus.py", "print('here')"),
    (rules.docstrings, DOMAIN, "a = 1"),
    (rules.docstrings, DOMAIN, '"""Carts."""\nclass Cart: ...'),
    (rules.docstrings, DOMAIN, '"""Carts."""\nasync def merge(): ...'),
    (rules.evasions, TEST, "@pytest.mark.skip\ndef test_it(): ..."),
    (rules.evasions, TEST, "@pytest.mark.xfail(reason='later')\ndef test_it(): ..."),
    (rules.evasions, TEST, "pytest.importorskip('redis')"),
    (rules.evasions, TEST, "from pytest import skip"),
    (rules.evasions, TEST, "from unittest import mock"),
    (rules.evasions, TEST, "from unittest.mock import patch"),
    (rules.evasions, TEST, "import unittest.mock"),
    (rules.unfinished, DOMAIN, "# TO~DO: later"),
    (rules.unfinished, DOMAIN, "raise NotImplemented~Error"),
    (rules.unfinished, DOMAIN, "a = b  # type:~ ignore"),
    (rules.unfinished, DOMAIN, "a = b  # no~qa"),
    (rules.foreign_places, "Makefile", "PYTHON = /ro~ot/bin/python"),
    (rules.foreign_places, "README.md", "cd /wo~rk/main"),
    (rules.foreign_places, "requirements.lock", "--index~-url somewhere"),
    (rules.foreign_places, "docs/install.md", "from files.python~hosted.org"),
    (rules.foreign_places, "requirements.lock", "a @ https:~//example.org/a.whl"),
    (rules.decision_headings, DECISION, FOUR_PARTS.replace("## Alternatives\nc\n", "")),
    (rules.decision_headings, DECISION, FOUR_PARTS.replace("Decision", "Choice")),
    (rules.decision_headings, "docs/decisions/money.md", FOUR_PARTS),
]

GOOD: list[tuple[rules.Rule, str, str]] = [
    (rules.file_length, DOMAIN, "a = 1\n" * 500),
    (rules.function_length, DOMAIN, "def f():\n" + "    a = 1\n" * 69),
    (rules.handler_length, COMMANDS, 'async def place():\n    """Place."""\n' + "    a = 1\n" * 19),
    (rules.handler_length, STORAGE, "async def rows():\n" + "    a = 1\n" * 30),
    (
        rules.scoped_statements,
        STORAGE,
        "from tradepost.platform.db import scoped\nscoped(t)\nnames.update({1: 2})\n"
        "fail('select a product')\npath.exists()",
    ),
    (rules.scoped_statements, "src/tradepost/platform/outbox.py", "t.insert()"),
    (rules.commits, "src/tradepost/platform/bus.py", "await work.commit()"),
    (rules.commits, TEST, "await work.commit()"),
    (rules.commits, "src/tradepost/search/gateway/writing.py", "writer.commit()"),
    (rules.floats, DOMAIN, "def f(a: int) -> bool: return isinstance(a, (int, float))"),
    (rules.floats, "src/tradepost/platform/relay.py", "PAUSE_SECONDS = 0.5"),
    (rules.prints, "src/tradepost/apps/cli/main.py", "print('done')"),
    (rules.docstrings, DOMAIN, '"""Carts."""\ndef _inner(): ...'),
    (rules.evasions, TEST, "rows = paging.skip(10)\n@pytest.mark.acceptance\ndef test_it(): ..."),
    (rules.unfinished, DOMAIN, "a = b  # type: ignore[arg-type]\nc = d  # noqa: S101"),
    (rules.foreign_places, "docs/api.md", "GET /api/v1/root/category and ${BASE}/work/"),
    (rules.decision_headings, DECISION, FOUR_PARTS),
]


def _named(cases: list[tuple[rules.Rule, str, str]]) -> list[str]:
    seen: Counter[str] = Counter()
    names = []
    for rule, _, _ in cases:
        seen[rule.__name__] += 1
        names.append(f"{rule.__name__}-{seen[rule.__name__]}")
    return names


@pytest.mark.parametrize("rule", rules.PYTHON_RULES, ids=lambda rule: rule.__name__)
def test_python_files_keep(rule: rules.Rule) -> None:
    breaches = [breach for file in source.parsed_files() for breach in rule(file)]
    assert not breaches, "\n".join(["", *breaches])


@pytest.mark.parametrize("rule", rules.TEXT_RULES, ids=lambda rule: rule.__name__)
def test_text_files_keep(rule: rules.Rule) -> None:
    breaches = [breach for file in source.text_files() for breach in rule(file)]
    assert not breaches, "\n".join(["", *breaches])


@pytest.mark.parametrize(("rule", "path", "text"), BAD, ids=_named(BAD))
def test_a_breach_is_told(rule: rules.Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text.replace(HIDE, ""))))


@pytest.mark.parametrize(("rule", "path", "text"), GOOD, ids=_named(GOOD))
def test_what_is_allowed_is_not_told(rule: rules.Rule, path: str, text: str) -> None:
    assert not list(rule(Source(path, text)))


def test_every_rule_has_a_sample_that_it_refuses() -> None:
    assert {rule for rule, _, _ in BAD} == {*rules.PYTHON_RULES, *rules.TEXT_RULES}


def test_decisions_have_numbers_of_their_own() -> None:
    paths = [f.path for f in source.text_files() if f.path.startswith("docs/decisions/")]
    numbers = Counter(re.findall(r"/(\d{4})-", " ".join(paths)))
    assert [number for number, times in numbers.items() if times > 1] == []


def test_the_rules_look_at_this_project() -> None:
    paths = {file.path for file in source.text_files()}
    assert {"pyproject.toml", "src/tradepost/kernel/errors.py", "tests/house/rules.py"} <= paths
