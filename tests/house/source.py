"""What the rules look at: the project's own files, read and parsed once."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMON = frozenset({"apps", "wiring", "migrations", "platform", "events", "kernel"})
"""Children of ``tradepost`` that are no context."""

_FOLDERS = ("src", "tests", "bench", "docs", "bin", ".ci")
_OWN = ("Makefile", "*.md", "*.toml", "*.lock", "LICENSE")
_CACHES = frozenset({"__pycache__"})


@dataclass(frozen=True)
class Source:
    """One file: its path from the root of the project, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax of a Python file."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of its syntax, from the outside in."""
        return tuple(ast.walk(self.tree))

    @property
    def parts(self) -> tuple[str, ...]:
        """Folders and the file's name without suffix."""
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def context(self) -> str | None:
        """The context that a file of the product belongs to, if it does to one."""
        if self.parts[:2] != ("src", "tradepost") or len(self.parts) < 4:
            return None
        return None if self.parts[2] in COMMON else self.parts[2]

    @property
    def role(self) -> str:
        """What a file is in its context: ``commands`` for commands.py and for commands/cart.py."""
        return self.parts[3] if self.context else ""


@cache
def python_files() -> tuple[Source, ...]:
    """Every Python file of the project."""
    return tuple(file for file in text_files() if file.path.endswith(".py"))


@cache
def parsed_files() -> tuple[Source, ...]:
    """The same with their syntax read, which stays: looking through it for garbage is dear."""
    gc.disable()
    try:
        for file in python_files():
            assert file.nodes
    finally:
        gc.enable()
    gc.freeze()
    return python_files()


@cache
def text_files() -> tuple[Source, ...]:
    """Every text file that belongs to the project; binary data is left out."""
    return tuple(_read())


def _read() -> Iterator[Source]:
    inside = (path for folder in _FOLDERS for path in (ROOT / folder).rglob("*"))
    own = (path for pattern in _OWN for path in ROOT.glob(pattern) if path.name != "uv.lock")
    for path in sorted([*own, *inside]):
        if path.is_file() and not _CACHES & set(path.parts):
            try:
                yield Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
            except UnicodeDecodeError:
                continue
