"""Reporting in the house: read models that the worker keeps up to date."""

from __future__ import annotations

from tradepost.platform.projections import Projection
from tradepost.reporting.storage import ORDER_TIMELINE, SALES_BY_DAY

PROJECTIONS: dict[str, Projection] = {one.name: one for one in (ORDER_TIMELINE, SALES_BY_DAY)}
