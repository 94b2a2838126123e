"""What a transfer means in the general ledger: one table, no database.

Odoo's own documents (a till session, a provider's payment, a top-up line, a refund) touch
one account per company, *clearing*. The ledger's entry moves the rest against it. Words
of the rows, as in the table of accounting entries of the reference:

- ``W`` wallet liability of one asset, in its issuer's books;
- ``P`` due to a place (issuer's books) and due from an issuer (place's books), one per pair;
- ``H`` claim on holders after a shortfall, in the seller's books;
- ``counter``: clearing, or the income or expense of an operation that no Odoo document shows.
"""

from collections import namedtuple

#: Wallets whose balance is a debt towards a holder.
HOLDERS = ("person", "card")

#: Operations without an Odoo document of their own: their counterpart is not clearing.
COUNTERPARTS = {
    "gift": "gift_expense",
    "reward": "gift_expense",
    "give": "gift_income",
    "expire": "forfeit_income",
    "extinguish": "forfeit_income",
    "write_off": "claim_loss",
}

#: Operations whose issuing side is the issuer's own act, whoever's desk did it.
AT_ISSUER = ("settle", "expire")

#: What all transfers of one kind in one day have in common. ``act`` is the code, or for a
#: correction the code of the operation that it names.
Signature = namedtuple(
    "Signature",
    "code act nature asset_id issuer_company_id "
    "debit_side debit_company_id debit_partner_id "
    "credit_side credit_company_id credit_partner_id",
)

#: One line of one company's books. ``sign`` is 1 for a debit and -1 for a credit.
BookLine = namedtuple("BookLine", "company_id role partner_id sign")

#: The holder's side, in the issuer's books, by nature of the asset.
HOLDER_ROLES = {"backed": "liability", "claim": "claim", "gift": "gift_expense"}


def counterpart(act):
    """Role of the account that faces W or P for an operation of this kind."""
    return COUNTERPARTS.get(act, "clearing")


def book_lines(signature, issuer_partner_id):
    """Lines of every company's books for the transfers of one signature.

    :param Signature signature: kind of the transfers
    :param int issuer_partner_id: partner of the asset's company, named on the far side
    :return: list of BookLine, balanced in each company; empty when nothing changes
    """
    # A unit of a claim is owed *by* its holder: everything is the other way round.
    direction = -1 if signature.nature == "claim" else 1
    sides = (
        (signature.debit_side, signature.debit_company_id, signature.debit_partner_id, 1),
        (signature.credit_side, signature.credit_company_id, signature.credit_partner_id, -1),
    )
    lines = []
    for side, company_id, partner_id, sign in sides:
        sign *= direction
        if side == "holder":
            role, partner = HOLDER_ROLES[signature.nature], None
        elif side == "far":
            role, partner = "due_to", partner_id
        else:
            role, partner = counterpart(signature.act), None
        lines.append(BookLine(signature.issuer_company_id, role, partner, sign))
        if side == "far" and company_id:
            # The mirror: what the issuer owes a place, the place is owed by the issuer.
            lines.append(BookLine(company_id, "due_from", issuer_partner_id, -sign))
            lines.append(BookLine(company_id, counterpart(signature.act), None, sign))
    return _without_pairs(lines)


def _without_pairs(lines):
    """Leave out lines that cancel each other on one account."""
    totals = {}
    for line in lines:
        key = line[:3]
        totals[key] = totals.get(key, 0) + line.sign
    return [
        BookLine(*key, 1 if total > 0 else -1)
        for key, total in totals.items()
        for _repeat in range(abs(total))
    ]
