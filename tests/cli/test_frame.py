"""The frame: commands by name, loaded when they are called, with help that teaches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import tradepost as tradepost_package
from tests.cli.conftest import Run
from tests.servers import ROOT
from tradepost.apps.cli.main import COMMANDS, Commands, tradepost


def test_help_lists_every_command_and_loads_none() -> None:
    program = (
        "import sys; from tradepost.apps.cli.main import tradepost\n"
        "try: tradepost(['--help'])\n"
        "finally: print(*[n for n in sys.modules if n.startswith('tradepost.')], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    for name, (_, about) in COMMANDS.items():
        assert f"{name} " in done.stdout
        assert about in done.stdout
    assert set(done.stderr.split()) == {
        "tradepost.apps",
        "tradepost.apps.cli",
        "tradepost.apps.cli.main",
    }


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append((" ".join([*path, name]), command))
        if isinstance(command, click.Group):
            found += _commands(command, (*path, name))
    return found


def test_every_command_has_help_with_an_example_of_itself() -> None:
    assert isinstance(tradepost, Commands)
    for name, command in _commands(tradepost):
        assert "Example" in (command.help or ""), name
        assert f"tradepost {name}" in (command.help or ""), name
        for parameter in command.params:
            assert getattr(parameter, "help", "") or isinstance(parameter, click.Argument), name


@pytest.mark.parametrize("arguments", [["bogus"], ["tenant", "bogus"], ["tenant", "show"]])
def test_misuse_ends_with_2_and_says_how(run: Run, arguments: list[str]) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert "Usage:" in said.err


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out.strip() == tradepost_package.__version__


def test_a_fault_nobody_expected_keeps_its_story(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "broken", ("main:missing", "Not there."))
    with pytest.raises(AttributeError, match="missing"):
        run("broken")


def test_run_as_a_module_it_heeds_what_was_given_before_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tradepost.apps.cli.main", "--data-dir", str(tmp_path)]
    done = subprocess.run(
        [*command, "settings", "check", "--json"],
        env={**os.environ, "TRADEPOST_PROFILE": "demo"},
        capture_output=True,
        text=True,
        check=True,
    )
    given = {row["name"]: row["value"] for row in json.loads(done.stdout)}
    assert given["TRADEPOST_DATA_DIR"] == str(tmp_path)
