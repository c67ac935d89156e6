"""A small file of trade through the house's own commands, on both stores, killed and mended."""

from __future__ import annotations

import gzip
from pathlib import Path
from uuid import uuid4

import pytest

from tradepost.kernel.errors import Refusal
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Store
from tradepost.transfer import errors
from tradepost.transfer.retail.report import Report, decimal_text
from tradepost.wiring.parts import build_bus
from tradepost.wiring.replay_run import ready_tenant, replay_file

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LINES = """\
1001,85123A,T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
1001,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
1001,85123a,T-LIGHT HOLDER,60,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
1001,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom
1002,71053,,2,2010-12-01 08:28:00,3.39,,EIRE
C1003,71053,LANTERN,-3,2010-12-01 08:30:00,3.39,17850.0,United Kingdom
C1003,D,Discount,-1,2010-12-01 08:30:00,27.50,17850.0,United Kingdom
1004,71053,damaged,-5,2010-12-01 09:00:00,0.0,,United Kingdom
1005,22222,,40,2010-12-01 09:10:00,0.0,,United Kingdom
1006,PADS,PADS,1,2010-12-02 10:00:00,0.001,13952.0,France
A1007,B,Adjust bad debt,1,2010-12-02 11:00:00,11062.06,,United Kingdom
A1008,B,Adjust bad debt,1,2010-12-02 11:01:00,-11062.06,,United Kingdom
1009,71053,LANTERN,2,2010-12-02 12:00:00,3.75,17850.0,Channel Islands
"""
TOTAL = "183.251"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "trade.csv"
    path.write_text(HEADER + LINES, encoding="utf-8")
    return path


async def _replayed(bus: Bus, code: str, path: Path) -> Report:
    tenant_id, location_id = await ready_tenant(bus, code)
    return await replay_file(bus, tenant_id, location_id, path, lambda progress, file: None)


async def test_the_table_adds_up_and_again_when_repeated(store: Store, file: Path) -> None:
    code = f"r{uuid4().hex[:12]}"
    for _ in range(2):
        report = await _replayed(build_bus(store), code, file)
        assert list(report.differences()) == []
        assert decimal_text(report.booked_total.micros) == TOTAL
        assert decimal_text(report.posted_micros) == TOTAL
        assert decimal_text(report.fraction_micros) == "0.001"
        assert (report.file_documents, report.booked_documents) == (9, 9)


async def test_a_broken_file_keeps_what_was_whole_and_the_mended_one_goes_on(
    store: Store, tmp_path: Path
) -> None:
    code, bus = f"b{uuid4().hex[:12]}", build_bus(store)
    broken = tmp_path / "trade.csv"
    broken.write_text(HEADER + LINES.replace(",11062.06,", ",eleven,"), encoding="utf-8")
    with pytest.raises(errors.BadCell) as told:
        await _replayed(bus, code, broken)
    assert "line 12" in told.value.message and "UnitPrice" in told.value.message
    whole = gzip.compress((HEADER + LINES).encode())
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(whole[:-12])
    with pytest.raises(Refusal):
        await _replayed(bus, code, cut)
    cut.write_bytes(whole)
    report = await _replayed(bus, code, cut)
    assert list(report.differences()) == []
    assert decimal_text(report.posted_micros) == TOTAL
