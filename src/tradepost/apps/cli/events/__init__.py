"""``tradepost events``."""

from __future__ import annotations

import click

from tradepost.apps.cli.events.feed import follow, list_
from tradepost.apps.cli.events.letters import letters
from tradepost.apps.cli.events.schemas import schemas

HELP = """Read the facts of a shop; look after those that failed; write their schemas.

Everything that happens is kept for ever as a fact with a number; numbers have no gaps, and what
follows a number never changes. A fact that a consumer could not handle in five tries becomes a
dead letter: the document it belongs to waits, all others go on.

\b
Examples:
  tradepost events list tea-house --limit 20
  tradepost events follow tea-house
  tradepost events letters list tea-house
"""

events = click.Group("events", [list_, follow, letters, schemas], help=HELP)
