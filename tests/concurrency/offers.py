"""Two tills give the last of an offer's budget at the same moment, each to another holder."""

import uuid

from tools.simulate import basket
from tools.simulate.basket import Line, Paid

from .bar import Bar, outcome, request_then, value

GIFT_MINOR = 300


def last_of_an_offer(stage, broken=False):
    """Money for one gift is left; two who may have it stand at two tills."""
    offer, holders = stage.alone(_offer_to_two)
    for uid in holders:
        stage.alone(lambda env, uid=uid: _spend(env, uid))

    def take(number):
        def act(env):
            bar = Bar(env)
            till = bar.tills[number]
            return bar.session(till).tibillet_card_act(
                till["credential"],
                bar.seq(till),
                f"offer-{number}-{offer}",
                holders[number - 1],
                "offer",
                {"offer_id": offer},
            )

        def work(stage, meet):
            if broken:
                _budget_without_taking(stage, meet)
            return request_then(stage, meet, act, read_committed=broken)

        return work

    answers = stage.race([take(1), take(2)])
    return outcome(answers) | {
        "gifts": value(
            stage,
            "SELECT count(*) FROM tibillet_operation WHERE code = 'gift' AND state = 'posted'"
            " AND key LIKE %s",
            f"offer-%-{offer}",
        ),
        "uses": value(stage, "SELECT count(*) FROM tibillet_offer_use WHERE offer_id = %s", offer),
        "used_minor": value(stage, "SELECT used_minor FROM tibillet_offer WHERE id = %s", offer),
    }


def _offer_to_two(env):
    """An offer for who has spent anything, and two people who agreed, each with 10.00."""
    bar = Bar(env)
    company = env["res.company"].browse(bar.known["company"])
    cards = env["tibillet.card"].create([{"company_id": company.id}] * 2).sudo()
    asset = env["tibillet.asset"].browse(bar.known["asset"])
    accounts = env["tibillet.account"]
    for card in cards:
        card.uid = uuid.uuid4().hex[:14].upper()
        person = env["res.partner"].create({"name": f"Holder of {card.uid}"})
        card._give_to(person, company)
        wallet = card.wallet_id._surviving()
        env["tibillet.ledger"]._post(
            [
                {
                    "key": f"load-{card.uid}",
                    "origin": "test",
                    "code": "topup",
                    "company_id": company.id,
                    "means": "cash",
                    "transfers": [
                        (
                            accounts._get(asset.issuer_wallet_id, asset).id,
                            accounts._get(wallet, asset).id,
                            1_000,
                        )
                    ],
                }
            ]
        )
        env["tibillet.offer.consent"]._note(wallet, company, True)
    gift = env["tibillet.asset"].create(
        {"name": "Gift", "code": "race-gift", "kind": "gift", "company_id": company.id}
    )
    for wallet in gift.issuer_wallet_id | cards.wallet_id:
        accounts._get(wallet, gift)  # two who make it at once would collide there already
    env.cr.execute("SELECT tibillet_business_day(%s)", [company.id])
    today = env.cr.fetchone()[0]
    offer = env["tibillet.offer"].create(
        {
            "name": "The last one",
            "company_id": company.id,
            "habit": "spent",
            "habit_minor": 100,
            "asset_id": gift.id,
            "gift_minor": GIFT_MINOR,
            "start_date": today,
            "end_date": today,
            "budget_count": 5,
            "budget_minor": 2 * GIFT_MINOR - 1,
        }
    )
    return offer.id, cards.mapped("uid")


def _spend(env, uid):
    """What makes the habit: an entry, paid by this card."""
    bar = Bar(env)
    till = bar.tills[1]
    lines, key = [Line(bar.entry, 1)], str(uuid.uuid4())
    answer = bar.session(till).tibillet_hold(
        till["credential"],
        bar.seq(till),
        key,
        uid,
        basket.as_tapped(lines),
        None,
        basket.facts(lines),
    )
    assert answer["ok"], answer
    env.cr.commit()  # the hold is another transaction's: the order has to see it
    bar.sync(till, bar.order(till, lines, [Paid(till["wallet"], 600, key, uid)]))


def _budget_without_taking(stage, meet):
    """The budget is only counted, by both before either has given anything.

    Without Odoo's isolation: with it, the two gifts collide at the ledger's issuer as well.
    """

    def take(self):
        self.env.cr.execute(
            "SELECT count(*) FROM tibillet_offer_use WHERE offer_id = %s", [self.id]
        )
        assert self.env.cr.fetchone()[0] * self.gift_minor <= self.budget_minor
        meet()

    stage.registry["tibillet.offer"]._take_budget = take
