"""Writing revisions: the first schema from the tables there are, later ones from what changed.

Only developers run this (``bin/migration``). A revision is written from the tables handed in and
says the same on both databases; what differs between them is in the types of ``columns``.
"""

from __future__ import annotations

import graphlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import render_op
from alembic.operations import ops
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import BigInteger, Column, MetaData, StaticPool, Table, Text, create_engine

from tradepost.migrations import history
from tradepost.migrations.columns import SERIAL
from tradepost.migrations.sqlite import upgrade_connection
from tradepost.platform.db import types as t
from tradepost.platform.db.sqlite_file import connect

FIRST = "0001"
LINES_MAX = 280
_IMPORTS = """\
import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, DOCUMENT, ID, SERIAL, TEXT, WHOLE
"""
_NAMES: list[tuple[type, str]] = [
    (t.IdType, "ID"),
    (t.DayType, "DAY"),
    (t.DocumentType, "DOCUMENT"),
    (t.ChoiceType, "TEXT"),
    (t.InstantType, "WHOLE"),
    (t.FlagType, "WHOLE"),
]


def rendered(kind: str, thing: Any, _: AutogenContext) -> Any:
    """How a type is named in a revision; everything else is Alembic's to write."""
    if kind != "type":
        return False
    for known, name in _NAMES:
        if isinstance(thing, known):
            return name
    if isinstance(thing, BigInteger) and thing._variant_mapping:
        return "SERIAL" if repr(thing) == repr(SERIAL) else False
    if type(thing) is BigInteger:
        return "WHOLE"
    return "TEXT" if type(thing) is Text else False


def write_first(metadata: MetaData, homes: Mapping[str, str]) -> list[Path]:
    """Write revision 0001 anew: a module for each context's tables, by ``homes``."""
    folder = history.VERSIONS / f"v{FIRST}"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.py"):
        old.unlink()
    written, calls = [], []
    for context, tables in _in_order(metadata, homes):
        for number, functions in enumerate(_chunks(tables)):
            name = context if number == 0 else f"{context}_{number + 1}"
            path = folder / f"{name}.py"
            path.write_text(f'"""The first tables of {context}."""\n\n{_IMPORTS}\n\n' + functions)
            written.append(path)
            calls.append(name)
    init = folder / "__init__.py"
    init.write_text('"""The first schema, a module for the tables of each context."""\n')
    revision = history.VERSIONS / f"v{FIRST}_first_schema.py"
    revision.write_text(_first_revision(calls))
    return [*written, init, revision]


def _first_revision(names: Sequence[str]) -> str:
    imports = f"from tradepost.migrations.versions.v{FIRST} import {', '.join(names)}"
    body = "\n".join(f"    {name}.create()" for name in names)
    return (
        f'"""The first schema."""\n\n{imports}\n\nrevision = "{FIRST}"\ndown_revision = None\n\n\n'
        f"def upgrade() -> None:\n{body}\n"
    )


def _in_order(metadata: MetaData, homes: Mapping[str, str]) -> list[tuple[str, list[Table]]]:
    """The tables by context, a context after those that its tables refer to."""
    grouped: defaultdict[str, list[Table]] = defaultdict(list)
    needs: dict[str, set[str]] = {}
    for table in metadata.sorted_tables:
        home = homes[table.name]
        grouped[home].append(table)
        owners = {homes[key.column.table.name] for key in table.foreign_keys}
        needs.setdefault(home, set()).update(owners - {home})
    order = graphlib.TopologicalSorter({home: sorted(needs[home]) for home in sorted(needs)})
    return [(home, grouped[home]) for home in order.static_order()]


def _chunks(tables: Sequence[Table]) -> list[str]:
    """Texts of functions, one a table, no text much longer than a file should be."""
    made: list[tuple[list[str], list[str]]] = [([], [])]
    for table in tables:
        text = _function(table)
        names, texts = made[-1]
        if texts and sum(one.count("\n") for one in [*texts, text]) > LINES_MAX:
            names, texts = [], []
            made.append((names, texts))
        names.append(table.name)
        texts.append(text)
    return [_create(names) + "\n\n" + "\n\n".join(texts) for names, texts in made]


def _create(names: Sequence[str]) -> str:
    calls = "\n".join(f"    _{name}()" for name in names)
    says = '    """Create them, owners before what refers to them."""'
    return f"def create() -> None:\n{says}\n{calls}\n"


def _function(table: Table) -> str:
    context = AutogenContext(
        MigrationContext.configure(dialect_name="sqlite"),
        metadata=table.metadata,
        opts={
            "sqlalchemy_module_prefix": "sa.",
            "alembic_module_prefix": "op.",
            "render_item": rendered,
            "user_module_prefix": None,
        },
        autogenerate=False,
    )
    create = ops.CreateTableOp.from_table(table)
    create.info = {}
    indexes = [
        ops.CreateIndexOp.from_index(index)
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    lines = [line for made in (create, *indexes) for line in render_op(context, made)]
    body = "\n".join(f"    {line}" for text in lines for line in text.splitlines())
    return f"def _{table.name}() -> None:\n{body}\n"


def write_next(metadata: MetaData, title: str, versions: Path = history.VERSIONS) -> Path | None:
    """Write a revision that turns the newest schema into the tables handed in; none if equal.

    Read it before it is used: what is renamed looks like one thing dropped and one added, and
    checks are not compared.
    """
    with closing(connect(None)) as raw:
        upgrade_connection(raw)
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        with engine.connect() as connection:
            configure = _comparing(metadata, connection)
            config = history.alembic_config(versions, configure=configure)
            number = f"{int(history.head()) + 1:04}"
            config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
            made = command.revision(
                config,
                title,
                autogenerate=True,
                rev_id=number,
                version_path=str(versions),
                process_revision_directives=_dropped_if_empty,
            )
    return Path(made.path) if made is not None and not isinstance(made, list) else None


def _comparing(metadata: MetaData, connection: Any) -> Callable[[EnvironmentContext], None]:
    def configure(context: EnvironmentContext) -> None:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=history.VERSION_TABLE,
            render_as_batch=True,
            render_item=rendered,
            compare_type=_type_changed,
        )

    return configure


def _type_changed(context: Any, was: Column[Any], column: Column[Any], a: Any, b: Any) -> bool:
    """Compare what the types are on the database, not the names we give them."""
    dialect = context.dialect
    return bool(a.compile(dialect=dialect) != b.dialect_impl(dialect).compile(dialect=dialect))


def _dropped_if_empty(_: Any, __: Any, directives: list[Any]) -> None:
    if directives[0].upgrade_ops.is_empty():
        directives.clear()
