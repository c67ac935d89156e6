"""The files of digital articles: put in place, replaced, offered on terms of their own."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.fulfillment import DigitalFileChanged
from tradepost.fulfillment.domain.digital import (
    DigitalFile,
    FileFace,
    FileTerms,
    StoredFile,
    check_replaced,
)
from tradepost.fulfillment.ports import Catalogue, DigitalFiles, check_digital
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import DigitalFileId, Ids, VariantId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class PutDigitalFile(Command):
    """Give a digital variant its file, or another one; ``version`` is that of the one replaced."""

    variant_id: VariantId
    face: FileFace
    stored: StoredFile
    version: int | None = None


@dataclass(frozen=True, slots=True)
class SetFileTerms(Command):
    """Say for how long and how often those who buy it from now on may download a file."""

    variant_id: VariantId
    terms: FileTerms
    version: int


@dataclass(frozen=True, slots=True)
class FilePut:
    """The file as it is now."""

    file_id: DigitalFileId
    version: int


async def put_digital_file(
    wish: PutDigitalFile, files: DigitalFiles, catalogue: Catalogue, ids: Ids, facts: Facts
) -> FilePut:
    """Have the variant's links lead to the file."""
    check_digital(await catalogue.one(wish.variant_id))
    known = check_replaced(await files.lock_of(wish.variant_id), wish.version)
    if known is None:
        file_id = DigitalFileId(ids.new())
        file = DigitalFile.put(file_id, wish.variant_id, wish.face, wish.stored, wish.at)
        files.add(file)
    else:
        file = known.replaced(wish.face, wish.stored, wish.at)
        await files.save(file)
    facts.tell(_changed(file), file.version, wish.at)
    return FilePut(file.id, file.version)


async def set_file_terms(wish: SetFileTerms, files: DigitalFiles, facts: Facts) -> FilePut:
    """Change the terms; what was granted stays as it is."""
    known = await files.lock_of(wish.variant_id)
    if known is None:
        raise Unknown("digital file of variant", str(wish.variant_id))
    file = known.at(wish.version).on_terms(wish.terms, wish.at)
    await files.save(file)
    facts.tell(_changed(file), file.version, wish.at)
    return FilePut(file.id, file.version)


def _changed(file: DigitalFile) -> DigitalFileChanged:
    return DigitalFileChanged(
        file_id=file.id,
        variant_id=file.variant_id,
        size=file.size,
        sha256=file.sha256,
        link_hours=file.link_hours,
        downloads_max=file.downloads_max,
    )
