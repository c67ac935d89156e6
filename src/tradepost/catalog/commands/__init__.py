"""Wishes to the catalogue, and who grants them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradepost.catalog.commands.categories import (
    CATEGORY_HANDLERS,
    ArchiveCategory,
    CreateCategory,
    CreatedCategory,
    MoveCategory,
    RenameCategory,
    RestoreCategory,
)
from tradepost.catalog.commands.creating import (
    CreatedProduct,
    CreatedVariant,
    CreateProduct,
    create_products,
)
from tradepost.catalog.commands.products import (
    PRODUCT_HANDLERS,
    ActivateProduct,
    AddedVariant,
    AddVariant,
    ArchiveProduct,
    ArchiveVariant,
    RestoreProduct,
    RestoreVariant,
    SetPrice,
    Shelf,
    UpdateProduct,
    UpdateVariant,
    WithdrawProduct,
)
from tradepost.catalog.commands.revising import ArticlesRevised, ReviseArticles, revise_articles

HANDLERS: dict[type, Callable[..., Any]] = {
    CreateProduct: create_products,
    ReviseArticles: revise_articles,
    **PRODUCT_HANDLERS,
    **CATEGORY_HANDLERS,
}

__all__ = [
    "HANDLERS",
    "ActivateProduct",
    "AddVariant",
    "AddedVariant",
    "ArchiveCategory",
    "ArchiveProduct",
    "ArchiveVariant",
    "ArticlesRevised",
    "CreateCategory",
    "CreateProduct",
    "CreatedCategory",
    "CreatedProduct",
    "CreatedVariant",
    "MoveCategory",
    "RenameCategory",
    "RestoreCategory",
    "RestoreProduct",
    "RestoreVariant",
    "ReviseArticles",
    "SetPrice",
    "Shelf",
    "UpdateProduct",
    "UpdateVariant",
    "WithdrawProduct",
]
