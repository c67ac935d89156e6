"""``tradepost demo``."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from tradepost.apps.cli.calling import settings_of
from tradepost.apps.cli.progress import replay_bar
from tradepost.apps.cli.replay import show
from tradepost.platform.process import run
from tradepost.platform.settings import Settings
from tradepost.platform.web.serving import PortInUse, check_ports
from tradepost.transfer.retail import DEMO_EXCERPT
from tradepost.transfer.retail.report import Report
from tradepost.wiring.demo import SHOP, STAFF_EMAIL, STAFF_PASSWORD, fill_demo
from tradepost.wiring.running import Serving, open_house, serve

TRY = """\
# Try this in another terminal:

api={public}
field() {{ python3 -c "import json, sys; print(json.load(sys.stdin)['$1'])"; }}

# search: words, slips, a filter
curl -s "$api/api/v1/search?q=lanterm&available=true&limit=3"; echo

# fill a cart
cart=$(curl -s -X POST $api/api/v1/carts)
id=$(echo "$cart" | field id); token=$(echo "$cart" | field token)
curl -s -X POST $api/api/v1/carts/$id/lines -H "X-Cart-Token: $token" \\
  -H 'Content-Type: application/json' -d '{{"sku": "{sku}", "quantity": 2}}'; echo

# say where it goes, and check out
curl -s -X PUT $api/api/v1/carts/$id/choices -H "X-Cart-Token: $token" \\
  -H 'Content-Type: application/json' -d '{{"delivery": "ship", "payment_method": "bank_transfer",
  "email": "you@example.com", "ship_to": {{"country": "GB", "line1": "1 High Street"}}}}'; echo
order=$(curl -s -X POST $api/api/v1/carts/$id/checkout -H "X-Cart-Token: $token" \\
  -H "Idempotency-Key: $id" -H 'Content-Type: application/json' -d '{{}}')
echo "$order"

# look the order up
curl -s -X POST $api/api/v1/orders/look-up -H 'Content-Type: application/json' \\
  -d "{{\\"number\\": $(echo "$order" | field number), \\"email\\": \\"you@example.com\\"}}"; echo

# sign in as staff, and see the newest orders
access=$(curl -s -X POST {admin}/api/v1/sign-in -H 'Content-Type: application/json' \\
  -d '{{"email": "{email}", "password": "{password}"}}' | field access_token)
curl -s "{admin}/api/v1/orders?limit=3" -H "Authorization: Bearer $access"; echo

# the street around it: a mall, a counter, a restaurant and a grocer, each with doors of its own
look() {{ token=$(curl -s -X POST {admin}/api/v1/sign-in -H "X-Tenant: $1" \\
  -H 'Content-Type: application/json' -d '{{"email": "{email}", "password": "{password}"}}' |
  field access_token)
  curl -s "{admin}/api/v1/$2" -H "X-Tenant: $1" -H "Authorization: Bearer $token"; echo; }}
look harbour vendors          # for whom the mall sells; then: payouts, payout-runs
look corner registers         # its till; then: registers/…/shifts, shifts/…/report
look lantern tabs             # who sits at which table; then: floor/units
look greens pick-tasks        # what is to be picked; then: deliveries, couriers, zones
curl -s "$api/api/v1/delivery?country=US&postcode=10001" -H 'X-Tenant: greens'; echo
"""


@click.command(
    help="""Try everything on this machine, with nothing but Python.

Makes a SQLite store in the data folder, replays the first weeks of a year of real trade into a
shop, and lets a mall, a shop with a counter, a restaurant and a grocer who delivers trade beside
it; prints the table that accounts for the replay, and serves: the public API on 3000, the admin API
on 3001, the worker in the same process. What to try is printed. The second time the trade is there
already, so it starts at once.

\b
Examples:
  tradepost demo
  tradepost --data-dir /tmp/shop demo --public-port 8080 --admin-port 8081
  tradepost demo --no-serve
"""
)
@click.option("--no-serve", is_flag=True, help="Stop after the table.")
@click.option("--public-port", metavar="PORT", help="Instead of 3000.")
@click.option("--admin-port", metavar="PORT", help="Instead of 3001.")
@click.option(
    "--trade",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=DEMO_EXCERPT,
    help="Another file of trade than the excerpt.",
)
@click.pass_context
def demo(
    context: click.Context,
    no_serve: bool,
    public_port: str | None,
    admin_port: str | None,
    trade: Path,
) -> None:
    """Fill the shop, then serve it."""
    given = {"public_port": public_port, "admin_port": admin_port}
    settings = settings_of(context, doors=True, profile="demo", only_shop=SHOP, **given)
    try:
        if not no_serve:
            check_ports(
                ("public API", settings.public_host, settings.public_port),
                ("admin API", settings.admin_host, settings.admin_port),
            )
        report = asyncio.run(_filled(settings, trade, trade.stat().st_size))
        show(report)
        if not report.agrees:
            context.exit(1)
        if not no_serve:
            run(serve(settings, Serving(), _tell(settings)))
    except PortInUse as error:
        raise click.ClickException(f"{error} See `tradepost demo --help`.") from error


async def _filled(settings: Settings, trade: Path, size_bytes: int) -> Report:
    async with open_house(settings) as house:
        with replay_bar(size_bytes) as bar:
            return await fill_demo(house, trade, bar)


class _tell:  # noqa: N801  called like the function it stands for
    """Prints where the servers are and what to try."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __call__(self, ports: dict[str, int]) -> None:
        public, admin = (
            f"http://{host}:{ports[name]}"
            for name, host in (
                ("public API", self._settings.public_host),
                ("admin API", self._settings.admin_host),
            )
        )
        click.echo(f"public API  {public}\nadmin API   {admin}\n")
        click.echo(
            TRY.format(
                public=public,
                admin=admin,
                sku="85123A",
                email=STAFF_EMAIL,
                password=STAFF_PASSWORD,
            )
        )
        click.echo("Ctrl-C ends it.", err=True)
