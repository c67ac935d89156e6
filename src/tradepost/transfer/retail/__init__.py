"""A year of invoice lines as trade: reads files of the form of UCI "Online Retail"."""

from pathlib import Path

DEMO_EXCERPT = Path(__file__).parent / "excerpt" / "online_retail_excerpt.csv.gz"
"""The first weeks of that year, shipped with the product; ATTRIBUTION.md beside it."""
