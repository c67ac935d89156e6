"""``tradepost``: the frame of the command line. A command's module is loaded when it is called."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import click

from tradepost import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("serve:serve", "Serve the two APIs."),
    "events": ("events:events", "Read the facts of a shop; look after those that failed."),
    "search": ("search:search", "Search as shoppers do; make the index anew."),
    "staff": ("staff:staff", "Take people on, let them go, set passwords."),
    "worker": ("serve:worker", "Number the facts, have their effects, sweep."),
    "demo": ("demo:demo", "A shop with weeks of real trade, served on this machine."),
    "doctor": ("doctor:doctor", "See whether the laws of the house hold on this store."),
    "migrate": ("migrate:migrate", "Make the store, or bring it up to date."),
    "portal": ("portal:portal", "Serve the portal: register tenants, lead them through life."),
    "replay": ("replay:replay", "Take a file of trade into a shop, and account for every line."),
    "settings": ("settings:settings", "Check the settings, or write a template of them."),
    "tenant": ("tenant:tenant", "Open shops, look at them, lead them through their life."),
}
"""Module and function of each command, and its line of help."""

HELP = """One commerce backend for web shop, mall, counter, table and delivery.

The settings come from the environment (TRADEPOST_…), from tradepost.env in the working folder, or
from the file that --config names; `tradepost settings check` shows what holds.

\b
Examples:
  tradepost settings template --with-secrets > tradepost.env
  tradepost migrate
  tradepost tenant create tea-house --name "Tea House" --currency GBP
"""


@dataclass(slots=True)
class Call:
    """What was given before the command: a file of settings, and settings by hand."""

    config: Path | None = None
    given: dict[str, str] = field(default_factory=dict)


class Commands(click.Group):
    """Commands by name, with help from the table, so that help needs no module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(import_module(f"tradepost.apps.cli.{module}"), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file of settings instead of tradepost.env.",
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False),
    help="The folder of the store, instead of the one in the settings.",
)
@click.version_option(__version__, message="%(version)s")
@click.pass_context
def tradepost(context: click.Context, config: Path | None, data_dir: str | None) -> None:
    """The group of all commands."""
    context.obj = Call(config, {"data_dir": data_dir} if data_dir else {})


def main() -> int:
    """Run the command that the arguments name; the code to exit with."""
    from tradepost.apps.cli.faults import explained

    try:
        code = tradepost.main(standalone_mode=False, prog_name="tradepost")
    except Exception as error:
        return explained(error)
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    # By its name: commands look for the Call of that module, not for the one of __main__.
    from tradepost.apps.cli.main import main as named

    sys.exit(named())
