"""A store run by commands keeps every law; broken in turn, each law is named, and no other."""

from __future__ import annotations

import pytest

from tests.doctor.damages import DAMAGES
from tests.doctor.patients import Patient
from tradepost.wiring.doctor import LAWS, Readable, Report, examine, shops_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def examined(store: Readable) -> Report:
    return await examine(store, LAWS, await shops_of(store))


async def test_trade_by_commands_keeps_every_law(patient: Patient) -> None:
    async with patient.copy() as store:
        report = await examined(store)
    assert report.breaches == []
    assert report.holds
    assert len(report.shops) == 2
    assert [one.name for one in report.laws if not one.figures.rows] == []


@pytest.mark.parametrize("name", [law.name for law in LAWS])
async def test_a_broken_law_is_named_and_no_other(patient: Patient, name: str) -> None:
    async with patient.copy(DAMAGES[name]) as store:
        report = await examined(store)
    assert report.broken == [name], report.breaches
    assert all(one.law == name and one.found != one.expected for one in report.breaches)
