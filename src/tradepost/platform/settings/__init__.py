"""What the operator decides: read from environment, file and secret files, checked as a whole."""

from tradepost.platform.settings.choices import Profile
from tradepost.platform.settings.faults import Fault, SettingsFaulty
from tradepost.platform.settings.model import Settings
from tradepost.platform.settings.reading import Loaded, load

__all__ = ["Fault", "Loaded", "Profile", "Settings", "SettingsFaulty", "load"]
