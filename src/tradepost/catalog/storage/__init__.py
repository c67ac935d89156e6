"""The catalogue's tables and what reads and writes them."""

from tradepost.catalog.storage.articles import Article, Articles, SqlListing
from tradepost.catalog.storage.categories import SqlCategories
from tradepost.catalog.storage.products import SqlProducts
from tradepost.catalog.storage.revisions import SqlRevisions

__all__ = ["Article", "Articles", "SqlCategories", "SqlListing", "SqlProducts", "SqlRevisions"]
