"""Files past the length at which they should be split are listed, long before the wall."""

from __future__ import annotations

import pytest

from tests.house import rules, source


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the files that are due to become a folder."""
    lengths = ((file.text.count("\n"), file.path) for file in source.python_files())
    long = sorted(pair for pair in lengths if pair[0] > rules.FILE_SPLIT)
    if long:
        terminalreporter.section(f"to be split: over {rules.FILE_SPLIT} lines")
        for length, path in reversed(long):
            terminalreporter.line(f"{length:4} {path}")
