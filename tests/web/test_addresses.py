"""Whose address a request came from, and what stands for it in limits."""

from __future__ import annotations

import pytest

from tradepost.platform.web.addresses import bucket_of, client_address


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ([], 0, "192.0.2.9"),
        (["198.51.100.1"], 0, "192.0.2.9"),
        (["198.51.100.1"], 1, "198.51.100.1"),
        (["203.0.113.7, 198.51.100.1"], 1, "198.51.100.1"),
        (["203.0.113.7", "198.51.100.1"], 1, "198.51.100.1"),
        (["203.0.113.7, 198.51.100.1"], 2, "203.0.113.7"),
        (["203.0.113.7 ,198.51.100.1"], 5, "203.0.113.7"),
        ([], 3, "192.0.2.9"),
        (["198.51.100.1:4711"], 1, "198.51.100.1"),
        (['"[2001:db8::1]:4711"'], 1, "2001:db8::1"),
        (["2001:DB8::1"], 1, "2001:db8::1"),
        (["fe80::1%eth0"], 1, "fe80::1"),
        (["unknown"], 1, "unknown"),
        (["1.2.3.4' OR 1=1"], 1, "unknown"),
        ([""], 1, "unknown"),
    ],
)
def test_the_client_is_counted_from_the_right(
    forwarded: list[str], proxies: int, address: str
) -> None:
    assert client_address("192.0.2.9", forwarded, proxies) == address


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("192.0.2.9", "192.0.2.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("unknown", "unknown"),
    ],
)
def test_a_whole_network_of_version_6_is_one_bucket(address: str, bucket: str) -> None:
    assert bucket_of(address) == bucket
