"""The arrows between packages: kept by the product, and told when a sample breaks them."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.source import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

BROKEN = {
    "kernel/money.py": "import redis",
    "platform/bus.py": "import tradepost.catalog.domain",
    "catalog/domain.py": "import tradepost.platform.db",
    "catalog/errors.py": "import tradepost.catalog.storage",
    "catalog/storage.py": "import tradepost.pricing.domain",
    "catalog/helpers.py": "",
    "pricing/domain.py": "",
    "pricing/ports.py": "import tradepost.platform.db",
    "platform/db.py": "import sqlalchemy",
    "events/catalog.py": "import tradepost.wiring",
    "wiring.py": "import tradepost.apps.worker.main",
    "apps/worker/main.py": "import tradepost.apps.cli.main",
    "apps/cli/main.py": "",
    "gadgets/domain.py": "",
}
TOLD = [
    "tradepost.kernel is not allowed to import redis",
    "tradepost.platform is not allowed to import tradepost.catalog",
    "tradepost.catalog.errors is not allowed to import tradepost.catalog.storage",
    "tradepost.catalog is not allowed to import tradepost.pricing",
    "tradepost.catalog.domain is not allowed to import sqlalchemy",
    "tradepost.pricing.ports is not allowed to import sqlalchemy",
    "tradepost.events is not allowed to import tradepost.wiring",
    "tradepost.wiring is not allowed to import tradepost.apps",
    "tradepost.apps.worker is not allowed to import tradepost.apps.cli",
    "- tradepost.catalog.helpers",
    "- tradepost.gadgets",
]


def _lint(folder: Path, package: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a package, with the contracts of the configuration in a folder."""
    path = os.pathsep.join([str(package), str(ROOT)])
    run = "from importlinter.cli import lint_imports_command as run; run()"
    options = ["--config", str(folder / "pyproject.toml"), "--no-cache", "--no-logo"]
    return subprocess.run(
        [sys.executable, "-c", run, *options],
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path, "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


def test_every_arrow_points_inwards() -> None:
    done = _lint(ROOT, ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(CONTRACTS['contracts'])} kept, 0 broken" in done.stdout


def test_a_wrong_arrow_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for name, text in BROKEN.items():
        file = tmp_path / "src" / "tradepost" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        for folder in file.relative_to(tmp_path / "src").parents:
            if folder != Path():
                (tmp_path / "src" / folder / "__init__.py").touch()
    done = _lint(tmp_path, tmp_path / "src")
    assert done.returncode == 1
    assert [line for line in TOLD if line not in done.stdout] == [], done.stdout + done.stderr


def test_no_contract_has_an_exception() -> None:
    exceptions = {"ignore_imports", "exhaustive_ignores", "allow_indirect_imports"}
    assert [c["name"] for c in CONTRACTS["contracts"] if exceptions & set(c)] == []
    layered = [c for c in CONTRACTS["contracts"] if c["type"].endswith("layers")]
    assert all(c["exhaustive"] for c in layered)
    assert not CONTRACTS.get("exclude_type_checking_imports", False)
