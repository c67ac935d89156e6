"""The history of the schema: its revisions, where a store stands, and the way to the newest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradepost.platform.db.errors import SchemaBehind

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

VERSION_TABLE = "schema_version"
SELECT_VERSION = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608  a constant of ours
VERSIONS = Path(__file__).with_name("versions")
NOTHING = "0000"
"""Where an empty store stands."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What became of a store's schema: the revisions before and after, and whether we moved it."""

    before: str
    after: str
    by_us: bool


def head() -> str:
    """The newest revision; read from the names, because Alembic takes a third of a second."""
    return max(path.name[1:5] for path in VERSIONS.glob("v[0-9]*.py"))


def reached(found: str) -> bool:
    """Whether a store is far enough; one that is ahead was made for our successor, and fits."""
    return found >= head()


def check_reached(found: str) -> None:
    """Refuse a store that is behind.

    :raises SchemaBehind: with both revisions.
    """
    if not reached(found):
        raise SchemaBehind(found, head())


def upgrade(
    since: str = NOTHING, *, as_sql: bool = False, further: Path | None = None, **options: Any
) -> None:
    """Run the revisions after one, with Alembic configured by the options.

    ``as_sql`` writes the statements to ``options["output_buffer"]`` instead; ``further`` is a
    folder with revisions that are not the product's own.
    """
    from alembic import command

    def configure(context: EnvironmentContext) -> None:
        context.configure(version_table=VERSION_TABLE, transactional_ddl=True, **options)

    target = "head" if since == NOTHING or not as_sql else f"{since}:head"
    command.upgrade(alembic_config(further, configure=configure), target, sql=as_sql)


def alembic_config(further: Path | None = None, **attributes: Any) -> Config:
    """Alembic's settings, without a file of them."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("path_separator", "newline")
    made.set_main_option("version_locations", "\n".join(map(str, {VERSIONS, further or VERSIONS})))
    made.attributes.update(attributes)
    return made
