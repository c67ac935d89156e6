"""Files of a restaurant: read line by line, told by line and column, replayed and accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradepost.platform.db.work import Store
from tradepost.transfer import errors
from tradepost.transfer.restaurant.menu import menu_items
from tradepost.transfer.restaurant.sittings import sittings
from tradepost.wiring.parts import build_bus
from tradepost.wiring.replay_restaurant import files_of, ready_restaurant, replay_folder

MENU = "menu_item_id,item_name,category,price\n1,Broth,Soups,4.50\n2,Noodles,Mains,12.00\n"
HEADER = "order_details_id,order_id,order_date,order_time,item_id\r\n"
ORDERS = (
    HEADER + "1,1,31-01-2023,23:05:00,1\r\n2,1,31-01-2023,23:05:00,NULL\r\n"
    "3,2,01-02-2023,11:00:00,\r\n4,3,01-02-2023,12:00:00,2\r\n5,3,01-02-2023,12:00:00,2\r\n"
)


def test_lines_of_an_order_stand_together() -> None:
    menu = menu_items(MENU.splitlines(keepends=True))
    found = list(sittings(ORDERS.splitlines(keepends=True), menu))
    assert [(one.order, len(one.dishes), one.nameless) for one in found] == [
        ("1", 1, 1),
        ("2", 0, 1),
        ("3", 2, 0),
    ]
    assert f"{found[0].opened_at:%Y-%m-%d %H:%M}" == "2023-01-31 23:05"


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        ("1,1,2023-01-31,23:05:00,1", errors.NotADate, "order_date"),
        ("1,1,31-02-2023,23:05:00,1", errors.NotADate, "order_date"),
        ("1,1,31-01-2023,23:05:00,9", errors.NotOnTheMenu, "item_id"),
        ("1,x,31-01-2023,23:05:00,1", errors.NotASitting, "order_id"),
    ],
)
def test_a_bad_cell_is_told_by_line_and_column(
    line: str, reason: type[errors.BadCell], column: str
) -> None:
    menu = menu_items(MENU.splitlines(keepends=True))
    with pytest.raises(reason) as refused:
        list(sittings([HEADER, line], menu))
    assert (refused.value.line, refused.value.column) == (2, column)


def test_an_order_does_not_come_twice() -> None:
    menu = menu_items(MENU.splitlines(keepends=True))
    again = "6,1,01-02-2023,13:00:00,1\r\n"
    with pytest.raises(errors.NotASitting):
        list(sittings((ORDERS + again).splitlines(keepends=True), menu))


@pytest.mark.parametrize("row", ["1,Broth,Soups,4,50", "1,,Soups,4.50", "1,Broth,Soups,dear"])
def test_a_menu_is_read_strictly(row: str) -> None:
    with pytest.raises((errors.WrongFieldCount, errors.BadCell)):
        menu_items(["menu_item_id,item_name,category,price\n", row])


async def test_a_folder_is_replayed_once(store: Store, tmp_path: Path) -> None:
    with pytest.raises(errors.NoMenu):
        (tmp_path / "restaurant_order_details.csv").write_text(ORDERS)
        files_of(tmp_path)
    (tmp_path / "restaurant_menu_items.csv").write_text(MENU)
    bus = build_bus(store)
    code = f"house-{tmp_path.name[-8:].strip('0_').lower() or 'x'}{store.dialect[:2]}"
    tenant_id, unit_id = await ready_restaurant(bus, code.replace("_", "-"))
    passed = []
    for _ in range(2):
        report = await replay_folder(
            bus, tenant_id, unit_id, tmp_path, lambda reached, file: passed.append(reached)
        )
        assert report.agrees, list(report.differences())
        assert (report.lines, report.nameless, report.sold, report.paid) == (5, 2, 2850, 2850)
        assert (report.booked_counts.tabs, report.booked_counts.orders) == (3, 2)
    assert [one.passed_over for one in passed] == [0, 3]
