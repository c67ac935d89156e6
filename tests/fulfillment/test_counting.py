"""What counts as a download: a model of clients that ask in any order, held against the rule."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tradepost.fulfillment.domain.downloads import (
    PROMISED_TIMES_MAX,
    WINDOW,
    Asked,
    Download,
    DownloadGrant,
    GrantState,
)
from tradepost.fulfillment.errors import DownloadsUsedUp, LinkExpired, LinkRevoked
from tradepost.kernel.errors import BadValue
from tradepost.kernel.ids import DownloadGrantId, DownloadId, OrderId, OrderLineId, VariantId
from tradepost.kernel.states import WrongState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIZE = 1000


def _grant(most: int = 3) -> DownloadGrant:
    return DownloadGrant(
        DownloadGrantId(uuid4()),
        OrderId(uuid4()),
        OrderLineId(uuid4()),
        VariantId(uuid4()),
        GrantState.ACTIVE,
        most,
        0,
        NOON,
        NOON + timedelta(days=7),
        "",
        1,
    )


def _asked(length: int = 10, *, in_part: bool = True, client: str = "a", file: str = "f") -> Asked:
    return Asked(client, file, SIZE, length, in_part)


def _running(promised: int = 0) -> Download:
    return Download(DownloadId(uuid4()), DownloadGrantId(uuid4()), "a", "f", NOON, promised)


def test_a_range_goes_on_within_the_window_of_the_same_file() -> None:
    one = _running()
    assert one.goes_on_with(_asked(), NOON)
    assert one.goes_on_with(_asked(), NOON + WINDOW - timedelta(microseconds=1))
    assert not one.goes_on_with(_asked(), NOON + WINDOW)
    assert not one.goes_on_with(_asked(in_part=False), NOON)
    assert not one.goes_on_with(_asked(file="another"), NOON)
    nearly = _running(PROMISED_TIMES_MAX * SIZE - 10)
    assert nearly.goes_on_with(_asked(10), NOON)
    assert not nearly.goes_on_with(_asked(11), NOON)
    assert nearly.with_more(_asked(10)).promised == PROMISED_TIMES_MAX * SIZE


def test_a_link_ends_by_time_by_number_and_by_hand() -> None:
    grant = _grant(1)
    grant.check(grant.expires_at - timedelta(microseconds=1))
    with pytest.raises(LinkExpired):
        grant.check(grant.expires_at)
    used = grant.begun()
    with pytest.raises(DownloadsUsedUp):
        used.begun()
    assert (used.status(NOON), grant.status(NOON)) == ("used_up", "ready")
    revoked = used.moved("revoke", "why")
    with pytest.raises(LinkRevoked):
        revoked.check(NOON)
    with pytest.raises(WrongState):
        revoked.extended(1, 0, NOON)
    assert revoked.moved("restore", "").status(grant.expires_at) == "expired"


def test_more_time_counts_from_now_where_it_is_over() -> None:
    grant = _grant()
    late = grant.expires_at + timedelta(days=1)
    assert grant.extended(1, 0, NOON).expires_at == grant.expires_at + timedelta(hours=1)
    assert grant.extended(1, 0, late).expires_at == late + timedelta(hours=1)
    assert grant.extended(0, 2, late).expires_at == grant.expires_at
    for hours, downloads in ((-1, 0), (10**9, 0), (0, 10**9), (0, -3)):
        with pytest.raises(BadValue):
            grant.extended(hours, downloads, NOON)


def test_whoever_asks_in_whatever_order_downloads_no_more_than_they_may() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    draw = random.Random(seed)
    for _ in range(200):
        grant, running, counted, at = _grant(draw.randrange(1, 5)), dict[str, Download](), 0, NOON
        for _ in range(60):
            at += timedelta(minutes=draw.randrange(0, 300))
            asked = _asked(draw.randrange(1, SIZE), in_part=draw.random() < 0.8)
            asked = Asked(draw.choice("ab"), "f", SIZE, asked.length, asked.in_part)
            known = running.get(asked.client)
            if known is not None and known.goes_on_with(asked, at):
                running[asked.client] = known.with_more(asked)
                continue
            try:
                grant = grant.begun()
            except DownloadsUsedUp:
                continue
            counted += 1
            running[asked.client] = Download(
                DownloadId(uuid4()), grant.id, asked.client, "f", at, asked.length
            )
        assert counted == grant.downloads_used <= grant.downloads_max
        assert all(one.promised <= PROMISED_TIMES_MAX * SIZE for one in running.values())
