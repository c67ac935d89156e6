"""The rules that a look at one file decides; each yields a sentence for every breach."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from tests.house.source import Source

FILE_WALL = 500
FILE_SPLIT = 300
FUNCTION_WALL = 70
HANDLER_WALL = 20
LINE_WALL = 100

Rule = Callable[[Source], Iterator[str]]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def file_length(file: Source) -> Iterator[str]:
    """No file is longer than the wall."""
    length = file.text.count("\n")
    if length > FILE_WALL:
        yield f"{file.path}: {length} lines, {FILE_WALL} are the wall"


_PRAGMA = re.compile(r"\s+# (noqa: \w+\d|type: ignore\[).*$")


def line_length(file: Source) -> Iterator[str]:
    """No line is longer than the wall; a pragma at its end does not count, as for the linter."""
    for number, whole in enumerate(file.text.splitlines(), 1):
        line = _PRAGMA.sub("", whole)
        if len(line) > LINE_WALL:
            yield f"{file.path}:{number}: {len(line)} characters, {LINE_WALL} are the wall"


def function_length(file: Source) -> Iterator[str]:
    """No function is longer than the wall."""
    for node in file.nodes:
        if isinstance(node, Function) and (length := _lines(node)) > FUNCTION_WALL:
            yield f"{_at(file, node)}: {node.name} has {length} lines, {FUNCTION_WALL} at most"


def handler_length(file: Source) -> Iterator[str]:
    """Handlers load, ask, tell and save: a body stays under twenty lines, docstring not counted."""
    if file.role not in {"commands", "reactions"}:
        return
    for node in file.tree.body:
        if isinstance(node, ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (_end(body[-1]) - body[0].lineno + 1) if body else 0
            if length >= HANDLER_WALL:
                yield f"{_at(file, node)}: {node.name} has {length} lines, under {HANDLER_WALL}"


_TABLE_VERBS = frozenset({"select", "insert", "update", "delete"})
_VERBS = _TABLE_VERBS | {"text", "exists"}
_SQL = re.compile(
    r"\s*(select\s.+\sfrom|insert\s+into|update\s+\S+\s+set|delete\s+from|with\s.+\sas\s*\()\s",
    re.I | re.S,
)


def scoped_statements(file: Source) -> Iterator[str]:
    """Contexts start every statement from the scoped functions of ``tradepost.platform.db``."""
    if file.context is None:
        return
    bare = {
        name.asname or name.name
        for node in file.nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for name in node.names
        if name.name in _VERBS
    }
    for node in file.nodes:
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in bare:
            yield f"{_at(file, node)}: bare {node.func.id}(); start from scoped()"
        if isinstance(node.func, ast.Attribute) and node.func.attr in _VERBS:
            on_module = getattr(node.func.value, "id", "") in {"sqlalchemy", "sa", "sql"}
            on_table = node.func.attr in _TABLE_VERBS and not (node.args or node.keywords)
            if on_module or on_table:
                yield f"{_at(file, node)}: bare .{node.func.attr}(); start from scoped()"
        for argument in node.args:
            if _SQL.match(_text(argument)):
                yield f"{_at(file, node)}: SQL as a string; start from scoped()"


def commits(file: Source) -> Iterator[str]:
    """The bus commits, at the edge of a request or a reaction; nobody else does.

    A gateway never holds our store; what it commits is the engine's that it speaks to.
    """
    if file.parts[0] != "src" or file.parts[2:3] == ("platform",) or file.role == "gateway":
        return
    for node in file.nodes:
        if isinstance(node, ast.Attribute) and node.attr == "commit":
            yield f"{_at(file, node)}: only the platform commits"


_EXACT = frozenset({"errors", "domain", "ports", "commands", "reactions", "storage"})


def floats(file: Source) -> Iterator[str]:
    """Money and goods are counted in whole numbers: no float where either is reckoned."""
    exact = file.parts[2:3] in {("kernel",), ("events",)} or file.role in _EXACT
    if file.parts[:2] != ("src", "tradepost") or not exact:
        return
    refusing = {
        id(part)
        for node in file.nodes
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance"
        for part in ast.walk(node)
    }
    for node in file.nodes:
        named = isinstance(node, ast.Name) and node.id == "float" and id(node) not in refusing
        if named or (isinstance(node, ast.Constant) and isinstance(node.value, float)):
            yield f"{_at(file, node)}: a float"


def prints(file: Source) -> Iterator[str]:
    """Only the command line prints; everything else logs."""
    if file.parts[0] != "src" or file.parts[2:4] == ("apps", "cli"):
        return
    for node in file.nodes:
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            yield f"{_at(file, node)}: print() outside apps/cli"


def docstrings(file: Source) -> Iterator[str]:
    """Every module, and every public class and function of one, says what it means."""
    if file.parts[0] != "src" or file.parts[2:4] == ("migrations", "versions"):
        return
    if not ast.get_docstring(file.tree):
        yield f"{file.path}:1: the module has no docstring"
    for node in file.tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            overload = any(getattr(d, "id", "") == "overload" for d in node.decorator_list)
            if not ast.get_docstring(node) and not overload:
                yield f"{_at(file, node)}: {node.name} has no docstring"


_EVASIONS = frozenset({"skip", "skipif", "skipIf", "xfail", "importorskip", "SkipTest"})


def evasions(file: Source) -> Iterator[str]:
    """A test runs or fails; and it meets the real thing, not a mock."""
    if file.parts[0] != "tests":
        return
    for node in file.nodes:
        match node:
            case ast.Attribute(attr=name, value=ast.Name(id="pytest" | "unittest" | "mark")):
                named = {name}
            case ast.Attribute(attr=name, value=ast.Attribute(attr="mark")):
                named = {name}
            case ast.ImportFrom(module="pytest" | "unittest"):
                named = {name.name for name in node.names}
            case ast.ImportFrom(module="unittest.mock") | ast.Import(names=[ast.alias("mock")]):
                named = {"mock"}
            case ast.Import(names=[ast.alias("unittest.mock")]):
                named = {"mock"}
            case _:
                continue
        for name in sorted(named & (_EVASIONS | {"mock"})):
            yield f"{_at(file, node)}: {name}"


_LEFT_BEHIND = re.compile(r"\b(TOD[O]|FIXM[E]|NotImplementedErro[r])\b")
_BLANKET = re.compile(r"#\s*(type:\s*ignore(?!\[)|noqa(?!: ?[A-Z]+\d)|mypy:\s*ignore)")


def unfinished(file: Source) -> Iterator[str]:
    """Nothing half done is left behind, and no check is silenced without saying which."""
    for number, line in enumerate(file.text.splitlines(), 1):
        if found := _LEFT_BEHIND.search(line) or _BLANKET.search(line):
            yield f"{file.path}:{number}: {found.group()}"


_FOREIGN = re.compile(
    r"(?<![\w.\-/}*])/(work|root|home/\w+|Users/\w+)/|"
    r"\bpypi\.(org|python)|pythonhosted\.|registry\.npmjs|(deb|security)\.debian\.|"
    r"^\s*--(extra-)?index-url|^\s*--find-links"
)


def foreign_places(file: Source) -> Iterator[str]:
    """No path of one machine and no host of a package index is written down."""
    for number, line in enumerate(file.text.splitlines(), 1):
        if found := _FOREIGN.search(line):
            yield f"{file.path}:{number}: {found.group().strip()}"
        elif file.path.endswith(".lock") and "://" in line:
            yield f"{file.path}:{number}: an address in a lock"


_HEADINGS = ["Context", "Decision", "Alternatives", "Consequences"]
_DECISION = re.compile(r"docs/decisions/\d{4}-[a-z0-9-]+\.md")


def decision_headings(file: Source) -> Iterator[str]:
    """Every record of a decision is numbered and has the same four parts, in order."""
    if not file.path.startswith("docs/decisions/"):
        return
    if not _DECISION.fullmatch(file.path):
        yield f"{file.path}: not named NNNN-title.md"
    if (found := re.findall(r"^## (.+)$", file.text, re.M)) != _HEADINGS:
        yield f"{file.path}: headings {found}, not {_HEADINGS}"


PYTHON_RULES: tuple[Rule, ...] = (
    file_length,
    line_length,
    function_length,
    handler_length,
    scoped_statements,
    commits,
    floats,
    prints,
    docstrings,
    evasions,
    unfinished,
)
TEXT_RULES: tuple[Rule, ...] = (foreign_places, decision_headings)


def _at(file: Source, node: ast.AST) -> str:
    return f"{file.path}:{getattr(node, 'lineno', 1)}"


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _lines(node: Function) -> int:
    return _end(node) - node.lineno + 1


def _text(node: ast.expr) -> str:
    """The text that a literal begins with; of an f-string what comes before its first field."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _text(part) if isinstance(part, ast.Constant) else "?" for part in node.values
        )
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
