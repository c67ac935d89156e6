"""The command line as it is called, in a folder of its own and without settings of this machine."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from tradepost.apps.cli import main as frame


@dataclass(frozen=True)
class Said:
    """What a call said, and the code it ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer of a call with ``--json``."""
        assert self.code == 0, self.err
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line in this process; how it logs is forgotten after each call."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("TRADEPOST_") and "TEST" not in name:
            monkeypatch.delenv(name)

    def call(*arguments: str) -> Said:
        monkeypatch.setattr("sys.argv", ["tradepost", *arguments])
        capsys.readouterr()
        try:
            code = frame.main()
        finally:
            _forget_logs()
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


def _forget_logs() -> None:
    structlog.reset_defaults()
    root = logging.getLogger()
    for handler in [one for one in root.handlers if type(one) is logging.StreamHandler]:
        root.removeHandler(handler)
