"""What is handed over becomes lasting and visible, once, in whole, and can be built again."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.search.builders import (
    OTHER_SHOP,
    SHOP,
    assortment,
    find,
    find_all,
    open_engine,
    product,
    product_id,
    stock,
)

from tradepost.search.domain import SearchQuery, Sort
from tradepost.search.errors import IndexBusy, IndexUnreadable, SearchTooSlow
from tradepost.search.gateway import TantivySearch
from tradepost.search.ports import SearchEngine


async def test_changes_show_with_the_commit_and_replace(engine: SearchEngine) -> None:
    await engine.index([product("Old name", seq=1, product_id=product_id("one"))])
    assert await find(engine, "") == []
    await engine.flush()
    assert await find(engine, "old ") == ["Old name"]
    await stock(engine, product("New name", seq=2, product_id=product_id("one")))
    assert await find(engine, "") == ["New name"]
    assert await find(engine, "old ") == []
    await engine.remove(SHOP, [product_id("one"), product_id("never was")])
    await engine.flush()
    assert await find(engine, "") == []


async def test_an_older_state_never_replaces_a_newer_one(engine: SearchEngine) -> None:
    newer = product("Newer", seq=7, product_id=product_id("one"))
    older = replace(newer, title="Older", seq=6)
    await engine.index([newer, older])
    await engine.flush()
    assert await find(engine, "") == ["Newer"]
    await stock(engine, older)
    assert await find(engine, "") == ["Newer"]
    await stock(engine, replace(newer, title="The same fact told again"))
    assert await find(engine, "") == ["The same fact told again"]


async def test_a_product_is_read_back_as_it_was_handed_over(engine: SearchEngine) -> None:
    for made in assortment(5, 20):
        await engine.index([made])
        assert await engine.document(SHOP, made.product_id) == made, "while it waits"
        await engine.flush()
        assert await engine.document(SHOP, made.product_id) == made, "and when it is kept"
        assert await engine.document(OTHER_SHOP, made.product_id) is None
    await engine.remove(SHOP, [made.product_id])
    assert await engine.document(SHOP, made.product_id) is None


async def test_two_tenants_never_see_each_other(engine: SearchEngine) -> None:
    here, there = assortment(3, 60), assortment(3, 60, OTHER_SHOP)
    same = [replace(each, tenant_id=OTHER_SHOP, product_id=each.product_id) for each in here[:20]]
    await stock(engine, *here, *there, *same)
    for text in ("", "shirt", "shrit ", "s", "緑茶"):
        for sort in Sort:
            query = SearchQuery(tenant_id=SHOP, text=text, sort=sort, limit=9)
            assert {hit.tenant_id for hit in await find_all(engine, query)} == {SHOP}
    facets = (await engine.search(SearchQuery(tenant_id=SHOP))).facets
    active = [each for each in here if each.status == "active"]
    assert facets is not None
    assert facets.available + facets.unavailable == len(active)
    await engine.remove(SHOP, [each.product_id for each in here])
    await engine.flush()
    assert await find(engine, "") == []
    kept = await engine.search(SearchQuery(tenant_id=OTHER_SHOP))
    assert kept.total == sum(each.status == "active" for each in (*there, *same))
    await engine.index([product("Waits", tenant_id=OTHER_SHOP), product("Stays")])
    await engine.forget(OTHER_SHOP)
    assert await engine.document(OTHER_SHOP, same[0].product_id) is None
    await engine.flush()
    assert (await engine.search(SearchQuery(tenant_id=OTHER_SHOP))).total == 0
    assert await find(engine, "") == ["Stays"]


async def test_commits_come_by_themselves(tmp_path: Path) -> None:
    engine = await TantivySearch.open(tmp_path, commit_interval_s=0.01)
    await engine.index([product("Soon")])
    await engine.advance(1)
    for _ in range(1_000):
        await asyncio.sleep(0.01)
        if await engine.position() == 1:
            break
    assert await find(engine, "soon") == ["Soon"]
    await engine.close()


async def _state(engine: SearchEngine) -> object:
    queries = [
        SearchQuery(tenant_id=tenant_id, text=text, sort=sort, limit=50)
        for tenant_id in (SHOP, OTHER_SHOP)
        for text in ("", "shirt", "wool red", "茶")
        for sort in Sort
    ]
    pages = [await engine.search(replace(query, limit=1)) for query in queries]
    return [
        (await find_all(engine, query), page.facets)
        for query, page in zip(queries, pages, strict=True)
    ]


async def _feed(engine: SearchEngine, since: int, batch: int) -> None:
    """A history of 300 facts, in which products appear, change and go; from after ``since``."""
    history = assortment(11, 300)
    for number in range(since + 1, 301):
        if number % 10 == 0:
            await engine.remove(SHOP, [history[number // 2].product_id])
        else:
            changed = history[number - 1 if number % 3 else number // 2]
            title = changed.title if number % 3 else changed.title + " reduced"
            await engine.index([replace(changed, seq=number, title=title)])
        await engine.advance(number)
        if number % batch == 0:
            await engine.flush()
    await engine.flush()


async def test_dropped_and_built_again_it_is_equal(engine: SearchEngine) -> None:
    await _feed(engine, 0, batch=7)
    before = await _state(engine)
    await engine.index([product("Waiting, and thrown away with the rest")])
    await engine.drop()
    assert await engine.position() == 0
    assert await find(engine, "") == []
    await _feed(engine, 0, batch=300)
    assert await engine.position() == 300
    assert await _state(engine) == before


async def test_a_restart_goes_on_from_the_position(tmp_path: Path) -> None:
    whole = await open_engine()
    await _feed(whole, 0, batch=50)
    engine = await open_engine(tmp_path)
    await engine.index([product("Alone", seq=120)])
    await engine.advance(120)
    await engine.close()
    engine = await open_engine(tmp_path)
    assert await engine.position() == 120
    await engine.drop()
    await _feed(engine, 0, batch=60)
    # The feeder read facts twice after a crash: all of them once more, from an old position.
    await _feed(engine, 200, batch=9)
    assert await engine.position() == 300
    assert await _state(engine) == await _state(whole)
    await engine.close()
    await whole.close()


_FEEDER = """
import asyncio, sys
from pathlib import Path
from tests.search.builders import product
from tradepost.search.gateway import TantivySearch

async def feed():
    engine = await TantivySearch.open(Path(sys.argv[1]), commit_interval_s=0.001)
    for number in range(1, 1_000_000):
        await engine.index([product(f"Thing {number}", seq=number)])
        await engine.advance(number)
        if number % 3 == 0:
            await engine.flush()
            print(number, flush=True)

asyncio.run(feed())
"""


async def test_killed_at_any_moment_products_and_position_agree(tmp_path: Path) -> None:
    for lines in (1, 4, 9):
        feeder = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _FEEDER, str(tmp_path), stdout=asyncio.subprocess.PIPE,
            env={"PYTHONPATH": "src:."},
        )  # fmt: skip
        assert feeder.stdout is not None
        told = [int(await feeder.stdout.readline()) for _ in range(lines)][-1]
        feeder.kill()
        await feeder.wait()
        engine = await open_engine(tmp_path)
        position = await engine.position()
        total = (await engine.search(SearchQuery(tenant_id=SHOP))).total
        assert position == total >= told
        await engine.drop()
        await engine.close()


_SHORT_OF_DISK = """
import asyncio, resource, signal, sys
from pathlib import Path
from tests.search.builders import assortment, find, product, stock
from tradepost.search.gateway import TantivySearch

async def feed():
    engine = await TantivySearch.open(Path(sys.argv[1]), commit_interval_s=1000)
    await stock(engine, product("First"))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, -1))
    await engine.index(assortment(1, 200))
    await engine.advance(200)
    try:
        await engine.flush()
    except ValueError:
        print("refused", await find(engine, "first"), await engine.position())
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
    await engine.flush()
    print("written", await engine.position())
    await engine.close()

asyncio.run(feed())
"""


async def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    feeder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SHORT_OF_DISK, str(tmp_path), stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": "src:."},
    )  # fmt: skip
    told, _ = await feeder.communicate()
    assert told.decode().splitlines() == ["refused ['First'] 0", "written 200"]


async def test_others_read_what_one_writes(tmp_path: Path) -> None:
    writer, reader = (
        await open_engine(tmp_path),
        await open_engine(tmp_path),
    )
    await stock(writer, product("Seen by all"))
    assert await find(reader, "seen") == ["Seen by all"]
    await reader.index([product("From the second writer")])
    with pytest.raises(IndexBusy):
        await reader.flush()
    await reader.index([product("And one more")])
    await writer.close()
    await reader.flush()
    assert len(await find(reader, "")) == 3, "what could not be committed was kept"
    await reader.close()


def _damage(directory: Path) -> None:
    catalogue = next(directory.rglob("meta.json"))
    catalogue.write_text(catalogue.read_text()[:40])


async def test_a_broken_index_is_told_and_can_be_discarded(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path)
    await stock(engine, product("Lost"))
    await engine.close()
    _damage(tmp_path)
    with pytest.raises(IndexUnreadable):
        await open_engine(tmp_path)
    await TantivySearch.discard(tmp_path)
    engine = await open_engine(tmp_path)
    assert await engine.position() == 0
    await engine.close()


async def test_slow_searches_are_given_up(tmp_path: Path) -> None:
    engine = await TantivySearch.open(None, time_limit_s=0)
    with pytest.raises(SearchTooSlow):
        await engine.search(SearchQuery(tenant_id=SHOP))
    await engine.close()


async def test_the_event_loop_goes_on_while_the_index_commits(engine: SearchEngine) -> None:
    await engine.index(assortment(2, 1_900))
    committing = asyncio.create_task(engine.flush())
    turns = 0
    while not committing.done():
        await asyncio.sleep(0)
        turns += 1
    # In the loop's own thread the commit would leave it two or three turns.
    assert turns > 50
    await committing
