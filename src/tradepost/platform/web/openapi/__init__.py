"""The OpenAPI 3.1 document of an app, made from its routes, their types and their doors."""

from tradepost.platform.web.openapi.document import PREFIX, document_of, read_document

__all__ = ["PREFIX", "document_of", "read_document"]
