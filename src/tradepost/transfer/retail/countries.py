"""The country names of the file in ISO 3166-1 alpha-2."""

from __future__ import annotations

from types import MappingProxyType

from tradepost.kernel.countries import UNKNOWN

_NO_SINGLE_COUNTRY = ("Channel Islands", "European Community", "Unspecified")
_CODES = """
AE=United Arab Emirates, AT=Austria, AU=Australia, BE=Belgium, BH=Bahrain, BR=Brazil, CA=Canada,
CH=Switzerland, CY=Cyprus, CZ=Czech Republic, DE=Germany, DK=Denmark, ES=Spain, FI=Finland,
FR=France, GB=United Kingdom, GR=Greece, HK=Hong Kong, IE=EIRE, IL=Israel, IS=Iceland, IT=Italy,
JP=Japan, LB=Lebanon, LT=Lithuania, MT=Malta, NL=Netherlands, NO=Norway, PL=Poland, PT=Portugal,
SA=Saudi Arabia, SE=Sweden, SG=Singapore, US=USA, ZA=RSA
"""


def _read() -> dict[str, str]:
    pairs = (entry.split("=") for entry in " ".join(_CODES.split()).split(", "))
    return {name: code for code, name in pairs} | dict.fromkeys(_NO_SINGLE_COUNTRY, UNKNOWN)


COUNTRY_CODES = MappingProxyType(_read())
"""``{name in the file: code}``; a name that is not here is a fault of the file."""
