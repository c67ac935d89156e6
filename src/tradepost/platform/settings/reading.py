"""From environment, file and secret files to settings, or to every fault there is at once."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from tradepost.platform.settings.checks import AUDIENCES, demo_secret, faults_of
from tradepost.platform.settings.choices import Profile
from tradepost.platform.settings.faults import Fault, SettingsFaulty
from tradepost.platform.settings.model import PREFIX, Settings

CONFIG = f"{PREFIX}CONFIG"
CONFIG_FILE = Path("tradepost.env")
FILE_SUFFIX = "_FILE"
_OTHERS = re.compile(
    rf"{CONFIG}|{PREFIX}(SHARED|TEST_\w+|SERVICE_HOST|(SERVICE_)?PORT(_\w+)?)", re.ASCII
)
"""Names that are no settings: of the tests, and of Kubernetes for a service of our name."""
FIELDS = {PREFIX + one.name.upper(): one for one in fields(Settings)}


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, where each was found (empty: its default), and names nobody knows."""

    settings: Settings
    sources: Mapping[str, str]
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """Texts by name, each with its source; and what went wrong on the way."""

    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def load(
    environ: Mapping[str, str] | None = None,
    *,
    given: Mapping[str, str] | None = None,
    config: Path | None = None,
    doors: bool = True,
    secrets: Collection[str] = AUDIENCES,
) -> Loaded:
    """Read the settings: what is ``given`` goes before the environment, and that before the file.

    ``given`` holds texts by the names of fields; ``config`` is the file, when the environment
    does not name another. Without ``doors`` nobody asks for what only servers need, and of the
    secrets only those named must be there.

    :raises SettingsFaulty: with everything that is wrong.
    """
    environ = os.environ if environ is None else environ
    found = _Found()
    _from_file(found, environ, config)
    named = {name: text for name, text in environ.items() if name.startswith(PREFIX)}
    _take(found, named, "environment", strict=False)
    _take(found, {PREFIX + k.upper(): v for k, v in (given or {}).items()}, "command line")
    values = _parsed(found)
    settings = _with_demo_secrets(Settings(**values))
    known = {fault.name for fault in found.faults}
    checked = faults_of(settings, doors=doors, secrets=secrets)
    found.faults += [fault for fault in checked if fault.name not in known]
    if found.faults:
        raise SettingsFaulty(sorted(found.faults, key=_place))
    sources = {FIELDS[name].name: source for name, (_, source) in found.texts.items()}
    return Loaded(settings, sources, tuple(sorted(found.unknown)))


def _place(fault: Fault) -> tuple[int, str]:
    order = list(FIELDS)
    return (order.index(fault.name) if fault.name in FIELDS else len(order), fault.name)


def _from_file(found: _Found, environ: Mapping[str, str], config: Path | None) -> None:
    named = environ.get(CONFIG)
    path = Path(named).expanduser() if named else config or CONFIG_FILE
    if not named and not path.exists():
        return
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        remedy = "Check the path, and who may read it."
        found.faults.append(Fault(CONFIG, f"{path} cannot be read: {why}.", remedy))
        return
    texts: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        bare = line.strip().removeprefix("export ").strip()
        if not bare or bare.startswith("#"):
            continue
        name, equals, text = bare.partition("=")
        if not equals:
            remedy = f"Write {PREFIX}NAME=value, or begin a remark with #."
            found.faults.append(Fault(f"{path}:{number}", "is no setting.", remedy))
            continue
        texts[name.strip()] = _unquoted(text.strip())
    _take(found, texts, str(path))


def _unquoted(text: str) -> str:
    for mark in ('"', "'"):
        if len(text) >= 2 and text[0] == text[-1] == mark:
            return text[1:-1]
    return text.split(" #", 1)[0].rstrip()


def _take(found: _Found, texts: Mapping[str, str], source: str, *, strict: bool = True) -> None:
    """Keep what is known; what is not is a fault where the operator alone writes names."""
    taken: dict[str, tuple[str, str]] = {}
    for name, text in texts.items():
        plain = name.removesuffix(FILE_SUFFIX)
        if _OTHERS.fullmatch(name):
            continue
        if name in FIELDS:
            taken[name] = (text, source)
        elif plain in FIELDS and plain in texts:
            found.faults.append(Fault(plain, f"is set, and so is {name}.", "Keep one of them."))
        elif plain in FIELDS:
            _take_file(found, taken, plain, Path(text).expanduser())
        elif strict or _nearest(name):
            near = _nearest(name)
            remedy = f"Did you mean {near}?" if near else "See: tradepost settings template"
            found.faults.append(Fault(name, f"is no setting ({source}).", remedy))
        else:
            found.unknown.append(name)
    found.texts |= {name: pair for name, pair in taken.items() if pair[0] != ""}


def _nearest(name: str) -> str:
    return next(iter(difflib.get_close_matches(name, FIELDS, 1, cutoff=0.85)), "")


def _take_file(found: _Found, taken: dict[str, tuple[str, str]], name: str, path: Path) -> None:
    try:
        taken[name] = (path.read_text("utf-8").strip(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        remedy = "Check the path, and who may read it."
        found.faults.append(Fault(name, f"cannot be read from {path}: {why}.", remedy))


def _parsed(found: _Found) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, (text, source) in found.texts.items():
        try:
            values[FIELDS[name].name] = FIELDS[name].metadata["parse"](text)
        except ValueError as error:
            remedy = f"Correct it ({source})."
            if example := FIELDS[name].metadata["example"]:
                remedy = f"Correct it ({source}), such as {example}"
            found.faults.append(Fault(name, f"{error}.", remedy))
    return values


def _with_demo_secrets(settings: Settings) -> Settings:
    if settings.profile is not Profile.DEMO:
        return settings
    missing = [name for name in AUDIENCES if not getattr(settings, f"{name}_secret")]
    stand_ins: dict[str, Any] = {f"{name}_secret": (demo_secret(name),) for name in missing}
    return replace(settings, **stand_ins)
