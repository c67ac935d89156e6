"""Shipments, returns and downloads, looked at."""

from tradepost.fulfillment.queries.digital import (
    DownloadView,
    FileView,
    Sendable,
    UploadTerms,
    downloads_of,
    file_of,
    file_rows,
    grant_page,
    sendable,
    upload_terms,
)
from tradepost.fulfillment.queries.shipping import (
    ParcelLine,
    ReturnLineView,
    ReturnRow,
    ReturnView,
    ShipmentView,
    return_page,
    return_rows,
    shipment_page,
    shipments_of,
)

__all__ = [
    "DownloadView",
    "FileView",
    "ParcelLine",
    "ReturnLineView",
    "ReturnRow",
    "ReturnView",
    "Sendable",
    "ShipmentView",
    "UploadTerms",
    "downloads_of",
    "file_of",
    "file_rows",
    "grant_page",
    "return_page",
    "return_rows",
    "sendable",
    "shipment_page",
    "shipments_of",
    "upload_terms",
]
