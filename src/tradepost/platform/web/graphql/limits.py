"""How large a question may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GraphLimits:
    """Every bound of a question, by name, with its default."""

    document_chars_max: int = 10_000
    document_tokens_max: int = 1_000
    depth_max: int = 8
    nesting_max: int = 32
    """Braces within braces, those of fragments and of the schema's own fields included."""
    aliases_max: int = 15
    points_max: int = 1_000
    list_length_assumed: int = 10
    schema_look_points: int = 200
    """The price of listing all types, and of each alias while looking at the schema."""
    comparisons_max: int = 10_000
    """How often fields of one name are compared with each other, by twos, before giving up."""
    reads_at_once_max: int = 4
    documents_kept_max: int = 128


LIMITS = GraphLimits()
"""The bounds that both apps keep."""
