"""A digital article from its file to the buyer's disk, through both servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests import s3
from tests.fulfillment.bookshop import BOOK, SHA256, Bookshop, open_bookshop
from tests.web.conftest import WEB
from tests.web.market import HOME, key, order_of
from tests.web.test_doors import problem
from tradepost.kernel.clock import SystemClock
from tradepost.platform.db.work import Store
from tradepost.platform.storage.s3 import Bucket, S3Store
from tradepost.platform.storage.sigv4 import Signer


@pytest.fixture
async def books(lone_store: Store, tmp_path: Path) -> AsyncIterator[Bookshop]:
    """A bookshop in each store in turn."""
    async with open_bookshop(
        lone_store, tmp_path, downloads_per_unit_max=2, digital_file_bytes_max=2_000_000
    ) as made:
        yield made


async def test_paid_is_delivered_and_completed_and_counted(books: Bookshop) -> None:
    variant_id = await books.book()
    page = await books.admin.get(f"/api/v1/digital-files/{variant_id}")
    assert page.json() | {"id": "", "changed_at": ""} == {
        "id": "",
        "variant_id": str(variant_id),
        "file_name": "book.pdf",
        "media_type": "application/pdf",
        "size": len(BOOK),
        "sha256": SHA256,
        "key": f"sha256/{SHA256}",
        "link_hours": None,
        "downloads_max": None,
        "changed_at": "",
        "version": 1,
    }
    order = await books.ordered("book")
    assert (order["status"], await books.links(order)) == ("pending_payment", [])
    await books.pay(order)
    assert await books.status(order) == "completed"
    link = await books.link(order)
    assert (link["status"], link["file_name"]) == ("ready", "book.pdf")
    assert (link["size"], link["sha256"]) == (len(BOOK), SHA256)
    assert (link["downloads_max"], link["downloads_used"]) == (2, 0)

    headed = await books.public.head(link["url"])
    assert (headed.status_code, headed.headers["content-length"]) == (200, str(len(BOOK)))
    got = await books.public.get(link["url"])
    assert (got.status_code, got.content) == (200, BOOK)
    assert got.headers["content-type"] == "application/pdf"
    assert "filename*=UTF-8''book.pdf" in got.headers["content-disposition"]
    assert got.headers["accept-ranges"] == "bytes"
    assert got.headers["cache-control"] == "private, no-store"
    held = await books.public.get(link["url"], headers={"if-none-match": got.headers["etag"]})
    assert held.status_code == 304
    assert (await books.link(order))["downloads_used"] == 1
    assert (await books.public.get(link["url"])).content == BOOK
    assert (await books.link(order))["status"] == "used_up"
    used = await books.public.get(link["url"])
    assert problem(used, 410, "fulfillment.downloads_used_up")["downloads_max"] == 2

    grant = await books.grant(order)
    place, match = f"/api/v1/downloads/{grant['id']}", {"if-match": f'"{grant["version"]}"'}
    more = await books.admin.post(f"{place}/extend", json={"downloads": 1}, headers=match)
    assert (more.status_code, more.json()["downloads_max"]) == (200, 3)
    assert (await books.public.get(link["url"])).content == BOOK


async def test_ranges_and_lines_at_once_count_once(books: Bookshop) -> None:
    await books.book()
    order = await books.bought("book")
    link = await books.link(order)
    third = len(BOOK) // 3
    wanted = [f"bytes={2 * third}-", f"bytes=0-{third - 1}", f"bytes={third}-{2 * third - 1}"]
    answers = await asyncio.gather(
        *(books.public.get(link["url"], headers={"range": one}) for one in wanted)
    )
    assert [one.status_code for one in answers] == [206, 206, 206]
    last, first, middle = (one.content for one in answers)
    assert first + middle + last == BOOK
    assert answers[1].headers["content-range"] == f"bytes 0-{third - 1}/{len(BOOK)}"
    etag = answers[0].headers["etag"]
    resumed = {"range": "bytes=1000-", "if-range": etag}
    assert (await books.public.get(link["url"], headers=resumed)).content == BOOK[1000:]
    assert (await books.link(order))["downloads_used"] == 1
    suffix = await books.public.get(link["url"], headers={"range": "bytes=-7"})
    assert (suffix.status_code, suffix.content) == (206, BOOK[-7:])

    other = {"range": "bytes=0-9", "user-agent": "another"}
    assert (await books.public.get(link["url"], headers=other)).status_code == 206
    assert (await books.link(order))["downloads_used"] == 2
    third_client = {"range": "bytes=0-9", "user-agent": "a third"}
    used = await books.public.get(link["url"], headers=third_client)
    problem(used, 410, "fulfillment.downloads_used_up")
    again = await books.public.get(link["url"], headers={"range": "bytes=5-"})
    assert again.content == BOOK[5:]  # what was begun goes on
    changed = {"range": "bytes=1000-", "if-range": '"another"'}
    problem(
        await books.public.get(link["url"], headers=changed), 410, "fulfillment.downloads_used_up"
    )


async def test_links_end_by_time_and_staff_give_more(books: Bookshop) -> None:
    variant_id = await books.book()
    terms = {"link_hours": 1, "downloads_max": 1}
    set_terms = await books.admin.put(
        f"/api/v1/digital-files/{variant_id}/terms", json=terms, headers={"if-match": '"1"'}
    )
    assert (set_terms.status_code, set_terms.headers["etag"]) == (200, '"2"')
    order = await books.bought("book")
    link = await books.link(order)
    assert link["downloads_max"] == 1
    books.clock.ahead = timedelta(minutes=61)
    problem(await books.public.get(link["url"]), 410, "fulfillment.link_expired")
    assert (await books.link(order))["status"] == "expired"
    grant = await books.grant(order)
    place = f"/api/v1/downloads/{grant['id']}"
    nothing = await books.admin.post(f"{place}/extend", json={}, headers={"if-match": '"1"'})
    problem(nothing, 422, "fulfillment.nothing_extended")
    stale = await books.admin.post(
        f"{place}/extend", json={"hours": 2}, headers={"if-match": '"7"'}
    )
    problem(stale, 412, "platform.version_stale")
    more = await books.admin.post(f"{place}/extend", json={"hours": 2}, headers={"if-match": '"1"'})
    assert more.status_code == 200, more.text
    assert (await books.public.get(link["url"])).content == BOOK

    version = (await books.grant(order))["version"]
    gone = {"status": "revoked", "note": "shared in public"}
    match = {"if-match": f'"{version}"'}
    assert (await books.admin.put(f"{place}/status", json=gone, headers=match)).status_code == 200
    problem(await books.public.get(link["url"]), 410, "fulfillment.link_revoked")
    match = {"if-match": f'"{version + 1}"'}
    twice = await books.admin.put(f"{place}/status", json=gone, headers=match)
    problem(twice, 409, "kernel.wrong_state")
    back = await books.admin.put(f"{place}/status", json={"status": "active"}, headers=match)
    assert back.json()["status"] == "used_up"


async def test_a_refund_of_one_line_revokes_its_link_and_no_other(books: Bookshop) -> None:
    await books.book("novel", "10.00")
    await books.book("atlas", "20.00")
    order = await books.bought("novel", "atlas")
    place = f"/api/v1/orders/{order['id']}"
    lines = {one["sku"]: one["id"] for one in (await books.admin.get(place)).json()["lines"]}
    part = {"lines": [{"order_line_id": lines["atlas"], "amount": 500}]}
    refunded = await books.admin.post(f"{place}/refunds", json=part, headers=key())
    assert refunded.status_code == 201, refunded.text
    await books.settle()
    assert {one["status"] for one in await books.links(order)} == {"ready"}
    rest = {"lines": [{"order_line_id": lines["atlas"]}]}
    assert (await books.admin.post(f"{place}/refunds", json=rest, headers=key())).status_code == 201
    await books.settle()
    status = {one["order_line_id"]: one["status"] for one in await books.links(order)}
    assert status == {lines["novel"]: "ready", lines["atlas"]: "revoked"}
    await books.admin.post(f"{place}/refunds", json={}, headers=key())
    await books.settle()
    assert {one["status"] for one in await books.links(order)} == {"revoked"}


async def test_a_mixed_order_is_complete_when_its_parcel_has_left_too(books: Bookshop) -> None:
    await books.book()
    await books.shop.article("mug", "5.00", stock=4)
    order = await books.bought("book", "mug", delivery="ship", ship_to=HOME)
    assert await books.status(order) == "pending_shipment"
    assert (await books.link(order))["status"] == "ready"
    sent = await books.admin.post(f"/api/v1/orders/{order['id']}/shipments", json={}, headers=key())
    assert sent.status_code == 201, sent.text
    await books.settle()
    assert await books.status(order) == "completed"
    plain = await books.bought("mug", delivery="ship", ship_to=HOME)
    assert await books.status(plain) == "pending_shipment"

    fetched = await books.bought("book", "mug", delivery="pickup")
    parcel = f"/api/v1/orders/{fetched['id']}/shipments"
    assert (await books.admin.post(parcel, json={}, headers=key())).status_code == 201
    await books.settle()
    assert (await books.link(fetched))["status"] == "ready"
    assert await books.status(fetched) != "completed"  # whoever hands it over says so

    called_off = await books.bought("book", "mug", delivery="ship", ship_to=HOME)
    place = f"/api/v1/orders/{called_off['id']}"
    seen = await books.admin.get(place)
    gone = await books.admin.post(f"{place}/cancel", headers={"if-match": seen.headers["etag"]})
    assert gone.status_code == 200, gone.text
    await books.settle()
    assert (await books.link(called_off))["status"] == "revoked"


async def test_what_is_free_is_delivered_at_once_and_a_late_file_is_waited_for(
    books: Bookshop,
) -> None:
    variant_id = await books.titled("soon", "0.00")
    order = await books.ordered("soon")
    await books.settle()
    assert await books.status(order) == "completed"
    link = await books.link(order)
    assert (link["status"], link["size"]) == ("waiting", None)
    early = await books.public.get(link["url"])
    problem(early, 503, "fulfillment.file_missing")
    assert "retry-after" in early.headers
    place = books.folder / "files" / str(books.shop.scope.tenant_id) / "drop"
    place.mkdir(parents=True)
    (place / "soon.epub").write_bytes(b"at last")
    body = {"key": "drop/soon.epub", "file_name": "Só.epub", "media_type": "application/epub+zip"}
    registered = await books.admin.put(f"/api/v1/digital-files/{variant_id}/key", json=body)
    assert (registered.status_code, registered.json()["size"]) == (200, 7)
    assert (await books.public.get(link["url"])).content == b"at last"
    (place / "soon.epub").write_bytes(b"tampered with")
    problem(await books.public.get(link["url"]), 503, "fulfillment.file_missing")
    assert (await books.link(order))["downloads_used"] == 1


async def test_a_customer_sees_their_links_and_nobody_elses(books: Bookshop) -> None:
    await books.book()
    order = await books.bought("book")
    place = f"/api/v1/orders/{order['id']}/downloads"
    problem(await books.public.get(place), 404, "kernel.unknown")
    problem(await books.public.get(place, params={"token": "x"}), 404, "kernel.unknown")
    async with open_bookshop(books.market.house.store, books.folder) as other:
        link = await books.link(order)
        foreign = await other.public.get(link["url"])
        problem(foreign, 404, "fulfillment.no_such_download")
    for forged in (link["url"][:-2], link["url"] + "A", "/api/v1/downloads/none"):
        problem(await books.public.get(forged), 404, "fulfillment.no_such_download")


async def test_bad_ranges_are_one_clear_problem_and_count_nothing(books: Bookshop) -> None:
    await books.book()
    order = await books.bought("book")
    link = await books.link(order)
    for bad in ("bytes=", "bytes=a-b", "bytes=9-3", "bytes", "bytes=-", "bytes=1-2;3-4"):
        answer = await books.public.get(link["url"], headers={"range": bad})
        problem(answer, 400, "platform.bad_range")
    for beyond in (f"bytes={len(BOOK)}-", "bytes=-0"):
        answer = await books.public.get(link["url"], headers={"range": beyond})
        problem(answer, 416, "platform.range_beyond")
        assert answer.headers["content-range"] == f"bytes */{len(BOOK)}"
    assert (await books.link(order))["downloads_used"] == 0


async def test_what_cannot_be_a_file_is_refused(books: Bookshop) -> None:
    variant_id = await books.titled("book")
    mug = await books.shop.article("mug", "5.00")
    place = f"/api/v1/digital-files/{variant_id}"
    large = await books.admin.put(f"{place}/content/a.pdf", content=b"x" * 2_000_001)
    assert problem(large, 413, "platform.body_too_large")["bytes_max"] == 2_000_000
    empty = await books.admin.put(f"{place}/content/a.pdf", content=b"")
    problem(empty, 422, "fulfillment.bad_file")
    goods = await books.admin.put(f"/api/v1/digital-files/{mug}/content/a.pdf", content=b"x")
    problem(goods, 409, "fulfillment.not_digital")
    named = {"file_name": "a.pdf", "media_type": "application/pdf"}
    for bad in ("../secret", "a//b", "/etc/passwd", "a/.hidden", "a\\b", "ä", "a/../b", "."):
        answer = await books.admin.put(f"{place}/key", json=named | {"key": bad})
        problem(answer, 422, "platform.bad_file_key")
    missing = await books.admin.put(f"{place}/key", json=named | {"key": "not/there"})
    problem(missing, 409, "fulfillment.file_not_stored")
    path = await books.admin.put(f"{place}/key", json={**named, "file_name": "../a", "key": "a"})
    problem(path, 422, "fulfillment.bad_file")
    problem(await books.admin.get(place), 404, "kernel.unknown")

    assert (await books.admin.put(f"{place}/content/a.pdf", content=b"one")).status_code == 200
    unnamed = await books.admin.put(f"{place}/content/a.pdf", content=b"two")
    assert problem(unnamed, 409, "fulfillment.file_there")["version"] == 1
    stale = await books.admin.put(f"{place}/content/a.pdf?version=3", content=b"two")
    problem(stale, 409, "kernel.stale")
    second = await books.admin.put(f"{place}/content/b.pdf?version=1", content=b"two")
    assert (second.status_code, second.json()["version"]) == (200, 2)
    assert list((books.folder / "incoming").iterdir()) == []
    body = order_of("book") | {"delivery": "digital"}
    assert (await books.public.post("/api/v1/checkout", json=body, headers=key())).is_success


async def test_a_file_in_a_bucket_is_sent_in_part_and_cut_off_when_it_breaks(
    lone_store: Store, tmp_path: Path
) -> None:
    with s3.serving() as bucket:
        signer = Signer(s3.ACCESS, s3.SECRET, s3.REGION)
        files = S3Store(Bucket(bucket.url, s3.BUCKET, signer), SystemClock())
        async with open_bookshop(lone_store, tmp_path, files=files) as books:
            await books.book()
            order = await books.bought("book")
            link = await books.link(order)
            assert (await books.public.get(link["url"])).content == BOOK
            part = await books.public.get(link["url"], headers={"range": "bytes=1000-1999"})
            assert (part.status_code, part.content) == (206, BOOK[1000:2000])
            assert bucket.asked[-1][2] == "bytes=1000-1999"
            assert (await books.link(order))["downloads_used"] == 1
            bucket.breaks_after = 1000
            early = await books.public.get(link["url"], headers={"range": "bytes=0-"})
            problem(early, 503, "platform.store_away")
            bucket.breaks_after = 600_000
            with pytest.raises(httpx.RemoteProtocolError):
                await books.public.get(link["url"], headers={"range": "bytes=0-"})
            bucket.breaks_after = None
            again = await books.public.get(link["url"], headers={"range": "bytes=1000-"})
            assert again.content == BOOK[1000:]
            (key,) = bucket.kept
            assert key.startswith(f"/{s3.BUCKET}/{books.shop.scope.tenant_id}/sha256/")
            del bucket.kept[key]
            problem(await books.public.get(link["url"]), 503, "fulfillment.file_missing")
            assert (await books.link(order))["downloads_used"] == 1
        await files.close()


async def test_an_upload_may_take_its_time_and_one_that_breaks_off_leaves_nothing(
    lone_store: Store, tmp_path: Path
) -> None:
    web = replace(WEB, body_seconds_max=1)
    async with open_bookshop(lone_store, tmp_path, web=web) as books:
        variant_id = await books.titled("slow")
        place = f"/api/v1/digital-files/{variant_id}/content/slow.bin"

        async def slowly(pause_s: float, pieces: int) -> AsyncIterator[bytes]:
            for _ in range(pieces):
                yield b"x" * 600_000
                await asyncio.sleep(pause_s)

        with suppress(httpx.TransportError):  # the line is cut, whether or not one hears why
            late = await books.admin.put(place, content=slowly(1.5, 3))
            problem(late, 408, "platform.too_slow")
        put = await books.admin.put(place, content=slowly(0.3, 6))
        assert (put.status_code, put.json()["size"]) == (200, 3_600_000)
        assert list((tmp_path / "incoming").iterdir()) == []
