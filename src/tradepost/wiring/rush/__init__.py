"""A rush on an article: it gets a lane of its own, and who comes too late is told so at once."""

from tradepost.wiring.rush.figures import RushFigures
from tradepost.wiring.rush.gate import Gate
from tradepost.wiring.rush.house import Rush, RushLimits
from tradepost.wiring.rush.interest import Interest

__all__ = ["Gate", "Interest", "Rush", "RushFigures", "RushLimits"]
