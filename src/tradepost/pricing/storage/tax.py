"""Tax rates and exemptions in rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import or_

from tradepost.kernel.ids import CustomerGroupId, CustomerId, TaxExemptionId, TaxRateId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Look, Reader, Work
from tradepost.pricing.domain.exemption import TaxExemption
from tradepost.pricing.domain.tax import TaxRate, TaxTable

tax_rates = tenant_table(
    "tax_rates",
    TaxRate,
    unique=[("tax_class", "country", "region", "supply", "valid_from")],
    checks={"rate": "rate_ppm >= 0"},
)
tax_exemptions = tenant_table(
    "tax_exemptions", TaxExemption, indexes=[("customer_id",), ("customer_group_id",)]
)
RATES = Keeper("tax rate", TaxRate, tax_rates)
EXEMPTIONS = Keeper("tax exemption", TaxExemption, tax_exemptions)

_r, _e = tax_rates.c, tax_exemptions.c
_OF_CLASS = Statement(
    RATES.select.where(_r.tax_class == param("tax_class"), _r.country == param("country"))
)
_any_exemption = scoped(tax_exemptions, _e.id)
_IN_COUNTRIES = Statement(
    RATES.select.add_columns(_any_exemption.exists()).where(any_of(_r.country, "countries"))
)
_ANY_EXEMPTION = Statement(_any_exemption.limit(1))
OF_BUYER = Statement(
    EXEMPTIONS.select.where(
        or_(
            _e.customer_id == param("customer_id"),
            _e.customer_group_id == param("customer_group_id"),
        )
    ).order_by(_e.valid_from, _e.id)
)
_OF_BUYERS = Statement(
    EXEMPTIONS.select.where(
        or_(any_of(_e.customer_id, "customers"), any_of(_e.customer_group_id, "groups"))
    ).order_by(_e.valid_from, _e.id)
)


class SqlTaxRates:
    """Answers the port of tax rates."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, rate_id: TaxRateId) -> TaxRate:
        return await RATES.get(self._work, rate_id)

    async def of_class(self, tax_class: str, country: str) -> list[TaxRate]:
        return await RATES.all(self._work, _OF_CLASS, tax_class=tax_class, country=country)

    def add(self, rate: TaxRate) -> None:
        RATES.add(self._work, rate)

    async def save(self, rate: TaxRate, version: int) -> int:
        return await RATES.save(self._work, rate, version)


class SqlTaxExemptions:
    """Answers the port of exemptions."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, exemption_id: TaxExemptionId) -> TaxExemption:
        return await EXEMPTIONS.get(self._work, exemption_id)

    def add(self, exemption: TaxExemption) -> None:
        EXEMPTIONS.add(self._work, exemption)

    async def save(self, exemption: TaxExemption, version: int) -> int:
        return await EXEMPTIONS.save(self._work, exemption, version)


class TaxBook:
    """What tax to take; works on a query's reader as well as in a command's work.

    A shop that charges no tax never asks: that is a setting, known before.
    """

    def __init__(self, db: Reader) -> None:
        self._db = db
        self._grants: bool | None = None
        self._read: list[TaxExemption] | None = None

    @staticmethod
    def look(countries: Iterable[str]) -> Look:
        """What :meth:`table` asks."""
        return _IN_COUNTRIES, {"countries": sorted(set(countries))}

    async def table(self, countries: Iterable[str]) -> TaxTable:
        """The rates of these countries, in one statement; it tells of exemptions by the way."""
        statement, values = self.look(countries)
        rows = await self._db.all(statement, **values)
        if rows:
            self._grants = bool(rows[0][-1])
        return TaxTable([RATES.rows.load(row[:-1]) for row in rows])

    async def read_exemptions(
        self, customers: Collection[CustomerId], groups: Collection[CustomerGroupId]
    ) -> None:
        """Read what frees any of these buyers, in one statement; then they are not asked for."""
        if customers and await self._any():
            self._read = await EXEMPTIONS.all(
                self._db, _OF_BUYERS, customers=sorted(customers), groups=sorted(groups)
            )

    async def _any(self) -> bool:
        """Whether the shop grants exemptions; most grant none."""
        if self._grants is None:
            self._grants = await self._db.value(_ANY_EXEMPTION) is not None
        return self._grants

    async def exemption(
        self,
        country: str,
        day: date,
        customer_id: CustomerId | None,
        customer_group_id: CustomerGroupId | None = None,
    ) -> TaxExemption | None:
        """The exemption that frees a sale, if there is one; a guest has none and costs nothing."""
        if customer_id is None and customer_group_id is None:
            return None
        if not await self._any():
            return None
        if self._read is not None:
            found = [one for one in self._read if one.is_of(customer_id, customer_group_id)]
        else:
            found = await EXEMPTIONS.all(
                self._db, OF_BUYER, customer_id=customer_id, customer_group_id=customer_group_id
            )
        return next((one for one in found if one.holds(country, day)), None)
