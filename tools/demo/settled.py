"""The week after: the co-operative pays its partners by one SEPA file."""

# made up, with right keys: no bank has this number
IBANS = {
    "bar": "FR7699999229900000111111190",
    "festival": "FR7699999229900000222222265",
    "coop": "FR7699999229900000333333340",
}


def banks(builder):
    """Each place's bank journal says which account it is."""
    for place in builder.places:
        env = builder.at(place.slug)
        journal = env["tibillet.settlement"]._bank_journal(env.company)
        if journal.bank_account_id:
            continue
        partner = env.company.partner_id
        journal.bank_account_id = builder.put(
            f"bank_{place.slug}",
            "res.partner.bank",
            {"acc_number": IBANS[place.slug], "partner_id": partner.id},
        )


def propose(builder):
    """The co-operative's accountant asks both others to agree on the week's figures."""
    env = builder.at("coop")
    accountant = builder.find("user_coop_compta")
    made = env["tibillet.settlement"]
    for slug in ("bar", "festival"):
        form = (
            env["tibillet.settlement.propose"]
            .with_user(accountant)
            .create({"company_id": env.company.id, "other": str(builder.company(slug).id)})
        )
        settlement = made.browse(form.action_propose()["res_id"])
        settlement.with_user(accountant).action_agree()
        other = builder.at(slug)["tibillet.settlement"].browse(settlement.id)
        other.with_user(builder.find(f"user_{slug}_compta")).action_agree()
        made |= settlement
    return made


def order(builder, settlements):
    """One file for the bank, with a transfer for each."""
    env = builder.at("coop")
    form = (
        env["tibillet.sepa.prepare"]
        .with_user(builder.find("user_coop_compta"))
        .create({"settlement_ids": [(6, 0, settlements.ids)]})
    )
    return env["tibillet.sepa.order"].browse(form.action_make()["res_id"])


def paid(builder, made):
    """The bank has carried it out: noted in the ledger and in the books of all three."""
    made.with_user(builder.find("user_coop_compta")).action_paid()
