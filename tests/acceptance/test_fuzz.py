"""Both documented APIs under made-up requests: the answers stay within the documents.

Schemathesis reads the OpenAPI document of a server that runs and makes requests from it, fitting
and unfitting ones; it takes ids that answers gave for later requests. Signed in all the time:
who would only be sent away proves nothing, so the sign-in has to work at the end, too.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from tests.servers import free_port

pytestmark = pytest.mark.acceptance
SEED = 20101201
EXAMPLES_MAX = 4  # per operation; more would outlast the minutes that an access token lives
SERVER_SECONDS_MAX = 60
FUZZ_SECONDS_MAX = 140
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# These end the sign-in that the other operations need, or take its rights away.
ENDS_THE_SIGN_IN = {
    "public": ("sign_out", "sign_out_everywhere", "change_password", "end_sign_in"),
    "admin": (
        *("sign_out", "sign_out_everywhere", "change_password"),
        *("sign_member_out", "give_password", "change_member", "change_role"),
    ),
}
WHO = {
    "public": ("sign-up", "account/sign-ins", "fuzz@example.com", "a-long-word-for-one-run"),
    "admin": ("sign-in", "me", "staff@example.com", "only-for-the-demo"),
}
TRADE = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1001,85123A,T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
1001,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
1002,71053,,2,2010-12-01 08:28:00,3.39,,EIRE
C1003,71053,LANTERN,-3,2010-12-01 08:30:00,3.39,17850.0,United Kingdom
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where the two APIs of a demo shop are served."""
    folder = tmp_path_factory.mktemp("fuzz")
    trade = folder / "trade.csv"
    trade.write_text(TRADE, encoding="utf-8")
    ports = {"public": str(free_port()), "admin": str(free_port())}
    command = [sys.executable, "-m", "tradepost.apps.cli.main", "--data-dir", str(folder / "data")]
    command += ["demo", "--trade", str(trade)]
    command += ["--public-port", ports["public"], "--admin-port", ports["admin"]]
    told = {**os.environ, "TRADEPOST_LIMITS_REQUESTS": "false"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=told, stdout=log, stderr=log)
        try:
            found = {app: f"http://127.0.0.1:{port}" for app, port in ports.items()}
            for base in found.values():
                _wait_for(process, f"{base}/health/ready", folder / "log")
            yield found
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _wait_for(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends = time.monotonic() + SERVER_SECONDS_MAX
    while process.poll() is None and time.monotonic() < ends:
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8"))


def _headers(base: str, app: str) -> dict[str, str]:
    """What a request of somebody signed in carries."""
    path, _, email, password = WHO[app]
    shop = {"X-Tenant": "demo"}
    body = json.dumps({"email": email, "password": password}).encode()
    asked = Request(
        f"{base}/api/v1/{path}", body, {**shop, "Content-Type": "application/json"}, method="POST"
    )
    with urlopen(asked, timeout=30) as answer:
        return {**shop, "Authorization": f"Bearer {json.load(answer)['access_token']}"}


def _fuzz(base: str, app: str, headers: dict[str, str], folder: Path) -> dict[str, object]:
    """What Schemathesis found."""
    settings, report = folder / "schemathesis.toml", folder / "report.json"
    settings.write_text("", encoding="utf-8")
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(settings)]
    command += ["run", f"{base}/api/v1/openapi.json", "--checks", ",".join(CHECKS)]
    command += ["--phases", "fuzzing", "--max-examples", str(EXAMPLES_MAX), "--seed", str(SEED)]
    command += ["--continue-on-failure", "--no-shrink", "--generation-database", "none"]
    command += ["--generation-with-security-parameters", "false", "--no-color"]
    command += ["--report", "json", "--report-json-path", str(report)]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    for operation in ENDS_THE_SIGN_IN[app]:
        command += ["--exclude-operation-id", operation]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=FUZZ_SECONDS_MAX
    )
    sys.stdout.write(f"seed {SEED}\n{done.stdout}")
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, object] = json.loads(report.read_text(encoding="utf-8"))
    return told


@pytest.mark.parametrize("app", ["public", "admin"])
def test_answers_stay_within_the_document(
    servers: dict[str, str], app: str, tmp_path: Path
) -> None:
    base = servers[app]
    headers = _headers(base, app)
    told = _fuzz(base, app, headers, tmp_path)
    operations = told["operations"]
    assert isinstance(operations, dict)
    assert operations["tested"] == operations["total"] - len(ENDS_THE_SIGN_IN[app])
    with urlopen(Request(f"{base}/api/v1/{WHO[app][1]}", headers=headers), timeout=30) as answer:
        assert answer.status == 200
