"""Engines that answer the port: tantivy, embedded; a server such as Meilisearch would join it."""

from tradepost.search.gateway.engine import TantivySearch

__all__ = ["TantivySearch"]
