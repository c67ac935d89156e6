"""What a shopper takes for an article that turns out not to be there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tradepost.kernel.errors import BadValue
from tradepost.kernel.ids import VariantId

LISTED_MAX = 20


class SubstitutionRule(StrEnum):
    """Nothing, anything that costs no more, or what is on a list."""

    NONE = "none"
    SAME_PRICE_OR_LESS = "same_price_or_less"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Substitution:
    """What a shopper takes instead; ``variant_ids`` are those on their list."""

    rule: SubstitutionRule
    variant_ids: tuple[VariantId, ...] = ()

    @classmethod
    def parse(cls, rule: SubstitutionRule, listed: tuple[VariantId, ...]) -> Substitution | None:
        """What somebody has chosen; none is the same as no choice.

        :raises BadValue: for a list with another rule, or one that is empty or too long.
        """
        if (rule is SubstitutionRule.LIST) != bool(listed):
            raise BadValue("substitution", "names articles with the rule list, and only then")
        if len(listed) > LISTED_MAX:
            raise BadValue("substitution", f"names more than {LISTED_MAX} articles")
        return None if rule is SubstitutionRule.NONE else cls(rule, tuple(dict.fromkeys(listed)))
