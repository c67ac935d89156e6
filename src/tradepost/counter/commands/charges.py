"""Card charges: written down before the terminal is asked, and what it answered."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.counter.commands.till import Till
from tradepost.counter.domain.charge import CardCharge, ChargeState
from tradepost.counter.errors import NothingTendered
from tradepost.counter.ports import Charges
from tradepost.events.counter import CardChargeMoved
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CardChargeId, RegisterId, SaleId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.money import Money


@dataclass(frozen=True, slots=True)
class AskCharge(Command):
    """Charge a card for a sale that is being rung up; ``amount`` in minor units."""

    charge_id: CardChargeId
    sale_id: SaleId
    register_id: RegisterId
    amount: int


@dataclass(frozen=True, slots=True)
class AnswerCharge(Command):
    """What the terminal said: approve, decline, lose (nothing was heard), or undo."""

    charge_id: CardChargeId
    action: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ChargeStands:
    """What is known of a charge; ``amount`` in minor units of ``currency``."""

    charge_id: CardChargeId
    sale_id: SaleId
    register_id: RegisterId
    state: str
    currency: str
    amount: int
    reference: str
    version: int


async def ask_charge(wish: AskCharge, till: Till, charges: Charges, facts: Facts) -> ChargeStands:
    """Write it down; said again, it is the same charge."""
    place = await till.open(wish.register_id)
    known = (await charges.lock([wish.charge_id])).get(wish.charge_id)
    if known is not None:
        known.check_same(wish.sale_id, wish.amount)
        return charge_stands(known)
    if wish.amount <= 0:
        raise NothingTendered(wish.amount)
    currency = place.shift.currency
    amount = Money(wish.amount, currency)
    named = wish.charge_id, wish.sale_id, place.register.id, ChargeState.ASKED
    charge = CardCharge(*named, currency, amount, "", wish.at, None, 1)
    charges.add(charge)
    facts.tell(_told(charge), charge.version, wish.at)
    return charge_stands(charge)


async def answer_charge(wish: AnswerCharge, charges: Charges, facts: Facts) -> ChargeStands:
    """Write the answer down."""
    known = (await charges.lock([wish.charge_id])).get(wish.charge_id)
    if known is None:
        raise Unknown("card charge", str(wish.charge_id))
    charge = known.after(wish.action, wish.at, wish.reference)
    await charges.save(charge)
    facts.tell(_told(charge), charge.version, wish.at)
    return charge_stands(charge)


def charge_stands(one: CardCharge) -> ChargeStands:
    """What is answered about a charge."""
    return ChargeStands(
        one.id,
        one.sale_id,
        one.register_id,
        one.state.value,
        one.currency.code,
        one.amount.amount,
        one.reference,
        one.version,
    )


def _told(one: CardCharge) -> CardChargeMoved:
    money = one.currency.code, one.amount.amount
    return CardChargeMoved(one.id, one.sale_id, one.register_id, one.state.value, *money)


HANDLERS = {AskCharge: ask_charge, AnswerCharge: answer_charge}
