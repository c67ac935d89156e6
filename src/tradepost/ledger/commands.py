"""Corrections of the books by hand; everything else is posted by the fact it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.events.ledger import LedgerAdjusted
from tradepost.kernel.clock import business_date
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids, JournalId
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.kernel.text import one_line
from tradepost.ledger.domain import Account, Document, Entry, Transfer, adjustment, transfers_of
from tradepost.ledger.errors import NothingToPost
from tradepost.ledger.ports import Bookkeeping, Transfers


@dataclass(frozen=True, slots=True)
class PostAdjustment(Command):
    """Move an amount (minor units; below zero the other way) between two accounts, with a note."""

    amount: int
    note: str
    debit: str = Account.RECEIVABLE.value
    credit: str = Account.BAD_DEBT.value


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The journal of an adjustment."""

    journal_id: JournalId


async def post_adjustments(
    wishes: list[PostAdjustment],
    transfers: Transfers,
    terms: Bookkeeping,
    actor: Actor,
    ids: Ids,
    facts: Facts,
) -> list[Adjusted | Refusal]:
    """Post each adjustment, by permission, with its note."""
    actor.must("ledger.adjust")
    answers: list[Adjusted | Refusal] = []
    for wish in wishes:
        try:
            answers.append(_posted(wish, transfers, terms, ids, facts))
        except Refusal as refusal:
            answers.append(refusal)
    return answers


def _posted(
    wish: PostAdjustment, transfers: Transfers, terms: Bookkeeping, ids: Ids, facts: Facts
) -> Adjusted:
    if not wish.amount:
        raise NothingToPost
    note = one_line(wish.note, "note")
    journal_id = JournalId(ids.new())
    day = business_date(wish.at, terms.time_zone, terms.cutoff_hour)
    document = Document("adjustment", journal_id, terms.currency, day, wish.at)
    transfers.add(transfers_of(document, adjustment(wish.debit, wish.credit, wish.amount), ids))
    currency = terms.currency.code
    told = LedgerAdjusted(journal_id, wish.debit, wish.credit, currency, wish.amount, note)
    facts.tell(told, 1, wish.at)
    return Adjusted(journal_id)


class Journal:
    """What neighbours post by, inside their own work."""

    def __init__(self, transfers: Transfers, ids: Ids) -> None:
        self._transfers = transfers
        self._ids = ids

    def post(self, document: Document, entries: Sequence[Entry]) -> list[Transfer]:
        """Add the transfers of one business fact; they leave with its commit."""
        made = transfers_of(document, iter(entries), self._ids)
        self._transfers.add(made)
        return made


HANDLERS = {PostAdjustment: post_adjustments}
