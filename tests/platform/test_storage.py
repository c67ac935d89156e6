"""Files in a folder and in a bucket: the same contract, and no way out of either."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from tests import s3
from tradepost.kernel.clock import SystemClock
from tradepost.kernel.ids import TenantId
from tradepost.platform.storage import BadFileKey, FileStore, NoSuchFile, OpenFile, StoreAway
from tradepost.platform.storage.folder import FolderStore
from tradepost.platform.storage.s3 import Bucket, S3Store
from tradepost.platform.storage.sigv4 import NO_BODY, Signer

BYTES = bytes(range(256)) * 3000
HASH = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture(scope="module")
def bucket() -> Iterator[s3.Objects]:
    """A bucket of a server of this run."""
    with s3.serving() as objects:
        yield objects


def _s3(objects: s3.Objects, secret: str = s3.SECRET) -> S3Store:
    signer = Signer(s3.ACCESS, secret, s3.REGION)
    return S3Store(Bucket(objects.url, s3.BUCKET, signer), SystemClock())


@pytest.fixture(params=["folder", "s3"])
async def files(
    request: pytest.FixtureRequest, tmp_path: Path, bucket: s3.Objects
) -> AsyncIterator[FileStore]:
    """Each store in turn."""
    bucket.breaks_after = None
    made: FileStore = FolderStore(tmp_path / "files") if request.param == "folder" else _s3(bucket)
    yield made
    await made.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A local file to be kept."""
    path = tmp_path / "source"
    path.write_bytes(BYTES)
    return path


async def _read(opened: OpenFile) -> bytes:
    found = b"".join([piece async for piece in opened.chunks()])
    await opened.close()
    return found


async def test_what_was_put_is_found_whole_and_in_part(files: FileStore, source: Path) -> None:
    here, there = TenantId(uuid4()), TenantId(uuid4())
    await files.put(here, "books/a-b_c.pdf", source, HASH)
    key = "books/a-b_c.pdf"
    opened = await files.open(here, key)
    assert (opened.size, await _read(opened)) == (len(BYTES), BYTES)
    for start, length in ((0, 10), (1000, 5), (len(BYTES) - 3, 3), (7, None), (0, 0)):
        part = await files.open(here, key, start, length)
        assert part.size == len(BYTES)
        end = len(BYTES) if length is None else start + length
        assert await _read(part) == BYTES[start:end]
    for tenant, missing in ((there, key), (here, "books/other"), (here, "books"), (here, "a/b/c")):
        with pytest.raises(NoSuchFile):
            await files.open(tenant, missing)
    await files.put(here, key, source, HASH)  # once more is no harm


@pytest.mark.parametrize(
    "key",
    [
        *(
            "",
            "/",
            "a/",
            "/a",
            "..",
            "../a",
            "a/../b",
            ".a",
            "a/.b",
            "a\\b",
            "a\0b",
            "ä",
            "a" * 301,
        ),
        *("a b", "a%2fb", "~a", "-a", "a//b", "C:a", "a\n"),
    ],
)
async def test_no_key_is_a_path(files: FileStore, source: Path, key: str) -> None:
    with pytest.raises(BadFileKey):
        await files.open(TenantId(uuid4()), key)
    with pytest.raises(BadFileKey):
        await files.put(TenantId(uuid4()), key, source, HASH)


async def test_no_link_leads_out_of_the_folder(tmp_path: Path, source: Path) -> None:
    tenant, other = TenantId(uuid4()), TenantId(uuid4())
    root = tmp_path / "files"
    files = FolderStore(root)
    await files.put(tenant, "kept", source, HASH)
    await files.put(other, "theirs", source, HASH)
    home = root / str(tenant)
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / "keys").write_text("secret")
    (home / "file").symlink_to(outside / "keys")
    (home / "folder").symlink_to(outside, target_is_directory=True)
    (home / "within").symlink_to(home / "kept")
    (home / "neighbour").symlink_to(root / str(other), target_is_directory=True)
    os.mkfifo(home / "pipe")
    for key in ("file", "folder/keys", "within", "neighbour/theirs", "pipe", "folder"):
        with pytest.raises(NoSuchFile):
            await files.open(tenant, key)
    with pytest.raises(StoreAway):
        await files.put(tenant, "folder/new", source, HASH)
    assert sorted(one.name for one in outside.iterdir()) == ["keys"]
    moved = TenantId(uuid4())
    (root / str(moved)).symlink_to(outside, target_is_directory=True)
    with pytest.raises(NoSuchFile):
        await files.open(moved, "keys")
    assert oct(home.stat().st_mode & 0o777) == "0o700"
    assert oct((home / "kept").stat().st_mode & 0o777) == "0o600"
    assert sorted(one.name for one in home.iterdir() if one.name.startswith(".")) == []


async def test_a_store_that_is_away_or_does_not_know_us_is_said(
    bucket: s3.Objects, source: Path
) -> None:
    tenant = TenantId(uuid4())
    wrong = _s3(bucket, "another secret")
    with pytest.raises(StoreAway):
        await wrong.put(tenant, "a", source, HASH)
    with pytest.raises(StoreAway):
        await wrong.open(tenant, "a")
    await wrong.close()
    away = _s3(s3.Objects("http://127.0.0.1:1"))
    with pytest.raises(StoreAway):
        await away.open(tenant, "a")
    await away.close()
    good = _s3(bucket)
    lied = hashlib.sha256(b"another").hexdigest()
    with pytest.raises(StoreAway):
        await good.put(tenant, "a", source, lied)  # the store compares body and signature
    await good.put(tenant, "a", source, HASH)
    bucket.breaks_after = 5
    with pytest.raises(StoreAway):  # amid the body, or before its head has come
        await _read(await good.open(tenant, "a"))
    bucket.breaks_after = None
    await good.close()


def test_signatures_are_those_of_the_reference() -> None:
    """GET Object, and PUT Object, of the reference's examples."""
    signer = Signer("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
    at = datetime(2013, 5, 24, tzinfo=UTC)
    host = "examplebucket.s3.amazonaws.com"
    got = signer.signed("GET", host, "/test.txt", {"range": "bytes=0-9"}, NO_BODY, at)
    assert got["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )
    headers = {
        "date": "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
    }
    body = hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()
    put = signer.signed("PUT", host, "/test$file.text", headers, body, at)
    assert put["authorization"].endswith(
        "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    )
    assert "bPxRfiCY" not in repr(signer)


def test_signatures_are_those_of_another_implementation() -> None:
    """As botocore 1.43 signs the same request, to a port of its own and another region."""
    at = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
    place = ("s3.example.com:9000", "/shop/0190/a-b_c.pdf")
    got = Signer("AK", "SK", "eu-west-3").signed("GET", *place, {"range": "bytes=5-9"}, NO_BODY, at)
    assert got["authorization"].endswith(
        "Signature=facec70f31a76f2c8ba6f25f6069f614f6baeea73885c99cfc672da3348e9664"
    )
