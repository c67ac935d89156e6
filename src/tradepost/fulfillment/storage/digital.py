"""Files of digital articles, grants and downloads, as rows."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.fulfillment.domain.digital import DigitalFile
from tradepost.fulfillment.domain.downloads import Download, DownloadGrant
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import DownloadGrantId, OrderId, VariantId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped, scoped_update
from tradepost.platform.db.work import Work

digital_files = tenant_table(
    "digital_files",
    DigitalFile,
    unique=[("variant_id",)],
    checks={"size": "size >= 0"},
)
download_grants = tenant_table(
    "download_grants",
    DownloadGrant,
    unique=[("order_line_id",)],
    indexes=[("order_id",)],
    references={"order_id": "orders"},
    checks={"used": "downloads_used BETWEEN 0 AND downloads_max"},
)
downloads = tenant_table(
    "downloads",
    Download,
    indexes=[("grant_id", "client", "began_at")],
    references={"grant_id": "download_grants"},
)
FILE_ROWS = Mapper(DigitalFile, digital_files)
GRANT_ROWS = Mapper(DownloadGrant, download_grants)
DOWNLOAD_ROWS = Mapper(Download, downloads)
_FILES_OF = Statement(
    scoped(digital_files, *FILE_ROWS.columns).where(any_of(digital_files.c.variant_id, "ids"))
)
_LOCK_FILE = Statement(
    scoped(digital_files, *FILE_ROWS.columns)
    .where(digital_files.c.variant_id == param("variant_id"))
    .with_for_update()
)
_LOCK = Statement(
    scoped(download_grants, *GRANT_ROWS.columns)
    .where(download_grants.c.id == param("id"))
    .with_for_update()
)
_LOCK_OF = Statement(
    scoped(download_grants, *GRANT_ROWS.columns)
    .where(any_of(download_grants.c.order_id, "ids"))
    .order_by(download_grants.c.id)
    .with_for_update()
)
_RUNNING = Statement(
    scoped(downloads, *DOWNLOAD_ROWS.columns)
    .where(downloads.c.grant_id == param("grant_id"))
    .where(downloads.c.client == param("client"))
    .order_by(downloads.c.began_at.desc(), downloads.c.id.desc())
    .limit(1)
)
_GO_ON = Statement(
    scoped_update(downloads)
    .where(downloads.c.id == param("key_id"))
    .values(promised=param("new_promised"))
)
_CHANGING = ("state", "downloads_max", "downloads_used", "expires_at", "note", "version")


class SqlDigitalFiles:
    """Answers the port ``DigitalFiles``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def lock_of(self, variant_id: VariantId) -> DigitalFile | None:
        row = await self._work.one(_LOCK_FILE, variant_id=variant_id)
        return None if row is None else FILE_ROWS.load(row)

    async def of(self, variant_ids: Sequence[VariantId]) -> dict[VariantId, DigitalFile]:
        rows = await self._work.all(_FILES_OF, ids=sorted(set(variant_ids)))
        return {file.variant_id: file for file in map(FILE_ROWS.load, rows)}

    def add(self, file: DigitalFile) -> None:
        self._work.add(digital_files, FILE_ROWS.dump(file))

    async def save(self, file: DigitalFile) -> None:
        row = FILE_ROWS.dump(file)
        del row["variant_id"]
        await self._work.update_rows(digital_files, ("id",), [row])


class SqlDownloads:
    """Answers the port ``Downloads``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def lock(self, grant_id: DownloadGrantId) -> DownloadGrant:
        row = await self._work.one(_LOCK, id=grant_id)
        if row is None:
            raise Unknown("download", str(grant_id))
        return GRANT_ROWS.load(row)

    async def lock_of(self, order_ids: Sequence[OrderId]) -> list[DownloadGrant]:
        rows = await self._work.all(_LOCK_OF, ids=sorted(set(order_ids)))
        return list(map(GRANT_ROWS.load, rows))

    def add(self, grants: Sequence[DownloadGrant]) -> None:
        self._work.add(download_grants, *map(GRANT_ROWS.dump, grants))

    async def save(self, grants: Sequence[DownloadGrant]) -> None:
        rows = [GRANT_ROWS.dump(one) for one in grants]
        kept = [{name: row[name] for name in ("id", *_CHANGING)} for row in rows]
        await self._work.update_rows(download_grants, ("id",), kept)

    async def running(self, grant_id: DownloadGrantId, client: str) -> Download | None:
        row = await self._work.one(_RUNNING, grant_id=grant_id, client=client)
        return None if row is None else DOWNLOAD_ROWS.load(row)

    def begin(self, download: Download) -> None:
        self._work.add(downloads, DOWNLOAD_ROWS.dump(download))

    async def go_on(self, download: Download) -> None:
        await self._work.run(_GO_ON, key_id=download.id, new_promised=download.promised)
