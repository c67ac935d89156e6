"""Why a command failed, for the one who called it, and the code the process ends with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tradepost.platform.settings import SettingsFaulty

REFUSED = 1
MISUSED = 2
"""As the shell's own convention: the command line or the settings have to change first."""


def explained(error: Exception) -> int:
    """Say what went wrong; what nobody expected is raised again, with its whole story."""
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, click.Abort):
        click.echo("Stopped.", err=True)
        return 130
    return _explained(error)


def _explained(error: Exception) -> int:
    from tradepost.kernel.errors import Refusal
    from tradepost.platform.db.errors import StoreError
    from tradepost.platform.settings import SettingsFaulty
    from tradepost.platform.telemetry.traces import TracesMissing
    from tradepost.wiring.opening import DriverMissing

    if isinstance(error, SettingsFaulty):
        _settings(error)
        return MISUSED
    if isinstance(error, Refusal):
        _say(error.message, error.remedy)
    elif isinstance(error, StoreError | DriverMissing | TracesMissing | OSError):
        _say(str(error), "")
    else:
        raise error
    return REFUSED


def _say(problem: str, remedy: str) -> None:
    mark = click.style("Not done:", fg="red", bold=True)
    click.echo(f"{mark} {problem}", err=True)
    if remedy:
        click.echo(remedy, err=True)


def _settings(error: SettingsFaulty) -> None:
    from tradepost.apps.cli.showing import table

    rows = [(fault.name, fault.problem, fault.remedy) for fault in error.faults]
    count = len(rows)
    click.echo(f"{count} setting{'s' * (count > 1)} to put right:", err=True)
    table(["setting", "problem", "what to do"], rows, to=sys.stderr)
