"""What is done at a desk: the accountant's and the manager's acts on cups, banks and claims."""

from .acts import act
from .place import CUPS


@act(2)
def cups_kept(day, till):
    """Cups that will not come back are income from today on; now and then they are found again."""
    till = day.till(CUPS[till.name])
    product = till.products["cup"]
    kepts = till.as_accountant["tibillet.deposit.kept"]
    values = {"product_id": product.id, "count": day.dice.randint(1, 3), "reason": "Cassés"}

    def keep():
        kept = kepts.create(values)
        kept.action_keep()
        day.count["kept"] += 1
        return kept

    kept = day.asked(keep)
    if kept and day.dice.random() < 0.3:
        day.asked(kept.action_take_back)


@act(3)
def chargeback(day, till):
    """The bank takes a top-up back and bills a fee: from the card first, else from its holder."""
    paid = {one: _paid_by_bank(day, one) for one in (till, *day.tills)}
    till = next(one for one, operations in paid.items() if operations)
    operation = day.dice.choice(paid[till])
    loaded = operation.transfer_ids.amount_minor
    _contest(day, till, operation, day.dice.choice((loaded, day.dice.randint(1, loaded))))


def _contest(day, till, operation, minor):
    asset = operation.transfer_ids.asset_id
    fee = _fee(day)
    form = till.as_accountant["tibillet.act.chargeback"].create(
        {
            "operation_id": operation.id,
            "asset_id": asset.id,
            "amount": minor / 100,
            "provider_ref": f"dp_{day.dice.getrandbits(40)}",
            "journal": day.bank_of(till),
            "reason": "Carte volée",
            **_billed(day, till, fee),
        }
    )
    answer = form.action_confirm()
    day.request_done()
    if answer["type"] != "ir.actions.client":
        day.refused({"message": answer["context"]["default_refused"]})
    else:
        day.count["contested"] += 1
        day.fees[till.company.id].append(fee)


def _paid_by_bank(day, till):
    loads = day.operations(till, "topup", days=40)
    return [one for one in loads if one.means == "bank_card"]


def _fee(day):
    return day.dice.choice((0, 1500, 437))


def _billed(day, till, fee):
    """With the tax of the country, or none, as the bill says."""
    tax = day.dice.choice((day.purchase_tax(till), False)) if fee else False
    return {"fee": fee / 100, "tax": tax}


@act(1)
def chargeback_won(day, till):
    """The bank gives it back, unless the holder paid or was let off meanwhile."""
    charges = till.as_accountant["tibillet.provider.charge"].search(
        [("kind", "=", "chargeback"), ("state", "=", "noted")], order="id"
    )
    if charges:
        day.asked(day.dice.choice(charges).action_won)


@act(2)
def provider_fee(day, till):
    """The month's bill of whoever moves the cards' money."""
    fee = _fee(day) or 99
    form = till.as_accountant["tibillet.provider.fee"].create(
        {
            "provider_ref": f"fee_{day.dice.getrandbits(40)}",
            "journal": day.bank_of(till),
            "reason": "Commissions du mois",
            **_billed(day, till, fee),
        }
    )
    if day.asked(form.action_note):
        day.fees[till.company.id].append(fee)


@act(3)
def claim_given_up(day, till):
    """What a card owes after a shortfall or a chargeback, whole or in part."""
    till, claims = _claims(day, till)
    if not claims:  # then a top-up is contested that was spent
        till = day.till("festival")
        for operation in _paid_by_bank(day, till):
            if operation.transfer_ids.credit_account_id.balance_minor < 1000:
                _contest(day, till, operation, operation.transfer_ids.amount_minor)
        till, claims = _claims(day, till)
    if not claims:
        return
    account = day.dice.choice(claims)
    owed = account.balance_minor
    form = till.as_accountant["tibillet.act.write.off"].create(
        {
            "wallet_id": account.wallet_id.id,
            "asset_id": account.asset_id.id,
            "amount": day.dice.choice((owed, day.dice.randint(1, owed))) / 100,
            "reason": "Introuvable",
        }
    )
    day.by_hand(form)


def _claims(day, till):
    """A company that is owed something by cards, the till's own first, and where it stands."""
    accounts = day.env["tibillet.account"]
    for one in (till, *day.tills):
        domain = [("asset_id.kind", "=", "claim"), ("asset_id.company_id", "=", one.company.id)]
        if claims := accounts.search([*domain, ("balance_minor", ">", 0)], order="id"):
            return one, claims
    return till, accounts


@act(2)
def extinguished(day, till):
    """Value of who was told three times goes to its issuer; some of them ask for it after all."""
    if day.asleep:
        account = day.asleep.pop(day.dice.randrange(len(day.asleep)))
        issuer = day.till_of(account.asset_id.company_id)
        row = day.env["tibillet.dormancy"]._of(account)
        row = issuer.as_manager["tibillet.dormancy"].browse(row.id)
        day.asked(row.action_extinguish)
        assert row.sudo().extinction_id, (account.id, day.said[-1:])
        if day.dice.random() < 0.3:
            day.asked(row.action_restore)
