"""The locks hold what the project file asks for, by hash, and no address."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = [asked for extra in PROJECT["optional-dependencies"].values() for asked in extra]
ASKED = {
    "requirements.lock": PROJECT["dependencies"],
    "requirements-dev.lock": PROJECT["dependencies"] + EXTRAS,
}


def _locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", (ROOT / name).read_text(), re.M))


@pytest.mark.parametrize("name", ASKED)
def test_a_lock_holds_all_that_is_asked_for(name: str) -> None:
    locked = _locked(name)
    wanted = [Requirement(asked) for asked in ASKED[name]]
    missing = [
        str(want)
        for want in wanted
        if not want.specifier.contains(locked.get(canonicalize_name(want.name), "0.dev0"))
    ]
    assert missing == [], "run make lock"


@pytest.mark.parametrize("name", ASKED)
def test_every_locked_version_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert len(entries) == len(_locked(name))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_both_locks_agree() -> None:
    runtime, dev = _locked("requirements.lock"), _locked("requirements-dev.lock")
    assert {package: dev.get(package) for package in runtime} == runtime


UNSEEN = {
    "httptools": "the parser under uvicorn's protocol, which ours extends",
    "tzdata": "the days and hours of zones, for zoneinfo where the system has none",
    "websockets": "the framing of WebSockets under uvicorn's protocol, which ours extends",
}
"""What is asked for and imported by no file of ours, and why."""


def test_what_the_product_asks_for_it_imports() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", source, re.M))
    modules: dict[str, set[str]] = {}
    for module, packages in packages_distributions().items():
        for package in packages:
            modules.setdefault(canonicalize_name(package), set()).add(module)
    asked = {canonicalize_name(Requirement(one).name) for one in PROJECT["dependencies"]}
    unused = {name for name in asked if not modules.get(name, set()) & imported}
    assert unused == UNSEEN.keys()
