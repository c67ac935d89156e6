"""Laws of the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from tradepost.ledger.domain import TENDER_ACCOUNTS, Account, Code
from tradepost.platform.db.statement import DIALECTS
from tradepost.wiring.doctor.law import Law, law


def _charted(column: str) -> str:
    """The account of the chart: what stands before the owner's identifier."""
    return (
        f"CASE WHEN {column} LIKE '%:%' THEN substr({column}, 1, length({column}) - 37)"
        f" ELSE {column} END"
    )


def _words(words: type[Account] | type[Code]) -> str:
    return ", ".join(f"'{word.value}'" for word in words)


SOUND = law(
    "ledger.sound",
    "Every transfer moves more than nothing between two accounts of the chart: debits = credits.",
    over="transfers",
    keys="transfer_id code debit credit",
    query=f"""
    SELECT id, code, debit, credit, 'above 0 from one account to another' AS expected,
           amount_amount AS found
      FROM (SELECT id, code, debit, credit, amount_amount,
                   {_charted("debit")} AS debited, {_charted("credit")} AS credited
              FROM transfers WHERE tenant_id = :tenant) AS t
     WHERE amount_amount <= 0 OR debit = credit
        OR debited NOT IN ({_words(Account)}) OR credited NOT IN ({_words(Account)})
        OR code NOT IN ({_words(Code)})""",  # noqa: S608  words of the domain
)


def posted(
    name: str,
    sentence: str,
    account: str,
    kinds: str,
    documents: str | Mapping[str, str],
    codes: str = "",
    *,
    over: str = "transfers",
) -> Law:
    """What documents say is what was posted for them to an account, or to several.

    ``documents`` selects ``id`` and what is ``said``: the debits less the credits expected. What
    is posted for a document that is not there is a breach, too. ``codes`` leaves out transfers for
    anything else.
    """
    texts = dict.fromkeys(DIALECTS, documents) if isinstance(documents, str) else documents
    query = {dialect: _sides(account, kinds, text, codes) for dialect, text in texts.items()}
    return law(name, sentence, over=over, keys="document_id", query=query)


def _sides(account: str, kinds: str, documents: str, codes: str) -> str:
    only = f" AND code IN ({codes})" if codes else ""
    return f"""
        SELECT id, sum(said) AS expected, sum(posted) AS found
          FROM (SELECT id, said, 0 AS posted FROM ({documents}) AS documents
                 UNION ALL
                SELECT document_id, 0, amount_amount FROM transfers
                 WHERE tenant_id = :tenant AND document_kind IN ({kinds})
                   AND {_charted("debit")} IN ({account}){only}
                 UNION ALL
                SELECT document_id, 0, -amount_amount FROM transfers
                 WHERE tenant_id = :tenant AND document_kind IN ({kinds})
                   AND {_charted("credit")} IN ({account}){only})
               AS sides
         GROUP BY id HAVING sum(said) <> sum(posted)"""  # noqa: S608  texts of this file


_RECEIVABLE = f"'{Account.RECEIVABLE.value}'"
_TENDERS = ", ".join(sorted({f"'{account.value}'" for account in TENDER_ACCOUNTS.values()}))

ORDERS = posted(
    "ledger.orders",
    "What was posted for an order adds up to its total, or to nothing if it was called off.",
    _RECEIVABLE,
    "'order'",
    """SELECT id, CASE WHEN state = 'cancelled' THEN 0 ELSE total_amount END AS said
         FROM orders WHERE tenant_id = :tenant""",
)
TAX = posted(
    "ledger.tax",
    "The tax posted for an order, to whoever owes it, is the order's, or none if called off.",
    _RECEIVABLE,
    "'order'",
    """SELECT id, CASE WHEN state = 'cancelled' THEN 0 ELSE tax_amount END AS said
         FROM orders WHERE tenant_id = :tenant""",
    f"'{Code.TAX.value}'",
)
PAID = posted(
    "ledger.paid",
    "What a payment gave to orders was posted against what they owe.",
    _RECEIVABLE,
    "'payment'",
    "SELECT id, -allocated_amount AS said FROM payments WHERE tenant_id = :tenant",
)
TAKINGS = posted(
    "ledger.takings",
    "What came in by a payment was posted to the bank, the till, or whoever holds it.",
    _TENDERS,
    "'payment'",
    "SELECT id, captured_amount AS said FROM payments WHERE tenant_id = :tenant",
)
TAX_BACK = posted(
    "ledger.tax_back",
    "The tax that a credit note gives back was posted so.",
    _RECEIVABLE,
    "'credit_note', 'return'",
    """SELECT coalesce(return_id, id) AS id, -tax_amount AS said
         FROM credit_notes WHERE tenant_id = :tenant""",
    f"'{Code.TAX_RETURN.value}'",
)

VOIDED = posted(
    "ledger.voided",
    "Credit notes of an order that was called off are void in the books, and no others.",
    _RECEIVABLE,
    "'credit_note_reversal'",
    """SELECT n.id, CASE WHEN o.state = 'cancelled' THEN n.total_amount ELSE 0 END AS said
         FROM credit_notes AS n
         LEFT JOIN orders AS o ON o.tenant_id = n.tenant_id AND o.id = n.order_id
        WHERE n.tenant_id = :tenant""",
)


def _held(account: Account, method: str) -> str:
    """What should lie in an account where money waits, and what does."""
    return f"""
        SELECT '{account.value}' AS account, captured_amount AS counted, 0 AS said FROM payments
         WHERE tenant_id = :tenant AND method = '{method}' AND settled_at IS NULL
         UNION ALL
        SELECT '{account.value}', -amount_amount, 0 FROM refunds
         WHERE tenant_id = :tenant AND method = '{method}' AND settled_at IS NULL
           AND state = 'issued'
         UNION ALL
        SELECT '{account.value}', 0, amount_amount FROM transfers
         WHERE tenant_id = :tenant AND {_charted("debit")} = '{account.value}'
           AND code <> 'adjustment'
         UNION ALL
        SELECT '{account.value}', 0, -amount_amount FROM transfers
         WHERE tenant_id = :tenant AND {_charted("credit")} = '{account.value}'
           AND code <> 'adjustment'"""  # noqa: S608  texts of this file


_CLEARING = {
    method: account
    for method, account in TENDER_ACCOUNTS.items()
    if account not in (Account.BANK, Account.CASH)
}
CLEARING = law(
    "ledger.clearing",
    "Where money waits for a carrier or a card company lies just what they have yet to hand in.",
    over="transfers payments refunds",
    keys="account",
    query=f"""
    SELECT account, sum(counted) AS expected, sum(said) AS found
      FROM ({" UNION ALL ".join(_held(account, method) for method, account in _CLEARING.items())})
           AS sides
     GROUP BY account HAVING sum(counted) <> sum(said)""",  # noqa: S608  texts of this file
)
LAWS = (SOUND, ORDERS, TAX, PAID, TAKINGS, TAX_BACK, VOIDED, CLEARING)
