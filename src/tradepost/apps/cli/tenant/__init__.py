"""``tradepost tenant``."""

from __future__ import annotations

import click

from tradepost.apps.cli.tenant.life import archive, create, reactivate, suspend
from tradepost.apps.cli.tenant.looking import list_, show
from tradepost.apps.cli.tenant.settings import settings

HELP = """Open shops, look at them, lead them through their life.

A tenant is one merchant with everything of theirs: goods, stock, orders, people, books. Its code
names it on this command line, in the header X-Tenant, and below the base domain.

\b
Examples:
  tradepost tenant create tea-house --name "Tea House" --currency GBP --place Main
  tradepost tenant list
  tradepost tenant settings tea-house --set lines_per_order_max=500
"""

tenant = click.Group("tenant", [], help=HELP)
for one in (create, list_, show, suspend, reactivate, archive, settings):
    tenant.add_command(one)
