"""Files in a bucket of a store that speaks S3; the bucket stays private, we pass its bytes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import structlog

from tradepost.kernel.clock import Clock
from tradepost.kernel.ids import TenantId
from tradepost.platform.storage.port import (
    CHUNK_BYTES,
    NoSuchFile,
    OpenFile,
    StoreAway,
    checked_key,
)
from tradepost.platform.storage.sigv4 import NO_BODY, Signer, escaped

ANSWER_SECONDS_MAX = 10.0
CONNECTIONS_MAX = 100
"""Files that a process reads at once; more wait for a line, and are told to come back."""
_log = structlog.get_logger("tradepost.storage")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where a bucket is, and who may use it; the endpoint's own path is not used."""

    endpoint: str
    name: str
    signer: Signer


class S3Store:
    """Answers ``FileStore`` from a bucket, addressed by path: ``endpoint/bucket/tenant/key``."""

    def __init__(self, bucket: Bucket, clock: Clock) -> None:
        self._bucket = bucket
        self._clock = clock
        parts = urlsplit(bucket.endpoint)
        self._host = parts.netloc
        self._base = f"{parts.scheme}://{parts.netloc}"
        self._client = httpx.AsyncClient(
            timeout=ANSWER_SECONDS_MAX,
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
            trust_env=False,
        )

    async def open(
        self, tenant_id: TenantId, key: str, start: int = 0, length: int | None = None
    ) -> OpenFile:
        """The bytes of an object from one on; its size is told with them."""
        if length == 0:  # no range is empty
            whole = await self._get(tenant_id, key, {})
            await whole.close()
            return _Answer(whole.response, whole.size, 0)
        headers = {}
        if start or length is not None:
            last = "" if length is None else str(start + length - 1)
            headers["range"] = f"bytes={start}-{last}"
        return await self._get(tenant_id, key, headers)

    async def _get(self, tenant_id: TenantId, key: str, headers: dict[str, str]) -> _Answer:
        request = self._request("GET", tenant_id, key, headers, NO_BODY)
        response = await self._sent(request, stream=True)
        status = response.status_code
        if status in {200, 206}:
            return _Answer(response, _whole_size(response), int(response.headers["content-length"]))
        await response.aclose()
        if status in {404, 416}:
            raise NoSuchFile(key)
        _log.error("the file store refuses", status=status, method="GET")
        raise StoreAway()

    async def put(self, tenant_id: TenantId, key: str, source: Path, sha256: str) -> None:
        """Upload the file in one request; the store checks its hash against the signature."""
        size = (await asyncio.to_thread(source.stat)).st_size
        headers = {"content-length": str(size)}
        request = self._request("PUT", tenant_id, key, headers, sha256, _pieces(source))
        response = await self._sent(request)
        if response.status_code != 200:
            _log.error("the file store refuses", status=response.status_code, method="PUT")
            raise StoreAway()

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    def _request(
        self,
        method: str,
        tenant_id: TenantId,
        key: str,
        headers: Mapping[str, str],
        body_sha256: str,
        body: AsyncIterator[bytes] | None = None,
    ) -> httpx.Request:
        path = f"/{self._bucket.name}/{tenant_id}/{checked_key(key)}"
        signed = self._bucket.signer.signed(
            method, self._host, path, headers, body_sha256, self._clock.now()
        )
        return httpx.Request(method, self._base + escaped(path), headers=signed, content=body)

    async def _sent(self, request: httpx.Request, *, stream: bool = False) -> httpx.Response:
        try:
            return await self._client.send(request, stream=stream)
        except httpx.HTTPError as error:
            _log.error("the file store cannot be reached", error=type(error).__name__)
            raise StoreAway() from error


class _Answer:
    """An object on its way."""

    def __init__(self, response: httpx.Response, size: int, length: int) -> None:
        self.response = response
        self.size = size
        self._length = length

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes as they come."""
        seen = 0
        try:
            if self._length:
                async for piece in self.response.aiter_raw(CHUNK_BYTES):
                    seen += len(piece)
                    yield piece
        except httpx.HTTPError as error:
            raise StoreAway() from error
        if seen != self._length:
            raise StoreAway()

    async def close(self) -> None:
        """Let go of the line."""
        await self.response.aclose()


def _whole_size(response: httpx.Response) -> int:
    """The size of the whole object, of which the answer may be a part."""
    if response.status_code == 206:
        return int(response.headers["content-range"].rpartition("/")[2])
    return int(response.headers["content-length"])


async def _pieces(source: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(source.open, "rb")
    try:
        while piece := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield piece
    finally:
        file.close()
