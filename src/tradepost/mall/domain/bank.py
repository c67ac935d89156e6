"""Where a vendor's money goes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tradepost.kernel.text import one_line
from tradepost.mall.errors import BadIban

LONGEST = 120
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Whose account it is, its number (an IBAN or another), and the code of the bank (BIC)."""

    holder: str
    account: str
    bank_code: str = ""
    bank_name: str = ""

    @classmethod
    def parse(cls, holder: str, account: str, bank_code: str, bank_name: str) -> BankDetails:
        """The details that people have written.

        :raises BadIban: if it looks like an IBAN and its check digits are wrong (ISO 13616).
        """
        number = one_line(account, "account", LONGEST)
        bare = re.sub(r"\s", "", number).upper()
        if _IBAN.fullmatch(bare):
            if _rest_of(bare) != 1:
                raise BadIban("account", "is no IBAN: its check digits do not fit")
            number = bare
        return cls(
            one_line(holder, "holder", LONGEST),
            number,
            one_line(bank_code, "bank_code", LONGEST, shortest=0),
            one_line(bank_name, "bank_name", LONGEST, shortest=0),
        )


def _rest_of(iban: str) -> int:
    """The number that an IBAN stands for, modulo 97 (ISO 7064)."""
    return int("".join(str(int(one, 36)) for one in iban[4:] + iban[:4])) % 97
