"""Lanes: single wishes of many people gathered into batches, each granted in one transaction."""

from tradepost.platform.lanes.figures import LaneFigures, LaneMetrics
from tradepost.platform.lanes.lane import LaneFull, LaneLimits
from tradepost.platform.lanes.lanes import Lanes
from tradepost.platform.lanes.turns import Manners
from tradepost.platform.lanes.usher import Usher

__all__ = ["LaneFigures", "LaneFull", "LaneLimits", "LaneMetrics", "Lanes", "Manners", "Usher"]
