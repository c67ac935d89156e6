"""What the tests of the catalogue put on the shelf, and how they look at it."""

from __future__ import annotations

import json
from typing import Any

from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import ProductDetails, ProductStatus, VariantDraft
from tradepost.catalog.storage import Article, Articles
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.outbox import outbox

POUND = 1_000_000
_TOLD = Statement(
    scoped(outbox, outbox.c.name, outbox.c.stream, outbox.c.version, outbox.c.body).order_by(
        outbox.c.id
    )
)


def product(title: str, *skus: str, price: int = POUND, **more: Any) -> CreateProduct:
    """An active product in pounds; several SKUs differ in their size."""
    from tradepost.catalog.domain import Option

    options = (Option("Size", skus),) if len(skus) > 1 else ()
    variants = tuple(
        VariantDraft(sku, price, option_values=(sku,) if options else ()) for sku in skus
    )
    details = ProductDetails(title, options=options, **more)
    return CreateProduct(details, "GBP", variants, ProductStatus.ACTIVE)


async def articles(db: Reader, *skus: str) -> dict[str, Article]:
    """The articles of SKUs by their key."""
    return await Articles(db).by_skus(skus)


async def told(db: Reader) -> list[tuple[str, str, int, dict[str, Any]]]:
    """Facts as name, stream, version and body, in the order in which they were told."""
    return [(row[0], row[1], row[2], json.loads(row[3])) for row in await db.all(_TOLD)]
