"""What is told at the moment, to whoever listens: kept nowhere, and no fact of the log."""

from tradepost.platform.live.following import Following
from tradepost.platform.live.live import Live
from tradepost.platform.live.positions import Position, Positions

__all__ = ["Following", "Live", "Position", "Positions"]
