"""Some days at the place, drawn from a seed, and each morning a look at the books."""

import random
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta

from . import acts, mornings, office, sleepers, stand
from .clock import lent
from .place import STAND
from .till import Till

#: Two of them hold a night on which the clocks change, one the end of a month and of a year.
STARTS = (date(2026, 3, 27), date(2026, 10, 23), date(2025, 12, 29), date(2026, 6, 12))
#: How long before the first day the first gifts and vouchers were handed out: they run out within.
BEFORE = timedelta(days=34)
ACTS = acts.acts_of(acts, office, stand)
DAYS = 5
ACTS_A_DAY = 9


def play(registry, made, seed, days=DAYS):
    """Play and look; raises at the first morning that is not as it should be.

    :returns: what happened how often, and every operation's code beside
    """
    start = datetime.combine(STARTS[seed % len(STARTS)], time(15, 0))
    with lent(registry, start - BEFORE - sleepers.BEFORE) as clock:
        life = Days(registry, clock, made, seed, days)
        life.before(start)
        for number in range(1, days + 1):
            life.evening(last=number == days)
            life.morning(last=number == days)
        return life.told()


class Days:
    """What the acts are given: dice, clock, tills, cards, and who does what."""

    def __init__(self, registry, clock, made, seed, days):
        from odoo.api import SUPERUSER_ID, Environment

        self.registry, self.clock, self.made = registry, clock, made
        self.seed, self.dice = seed, random.Random(seed)
        self.env = Environment(clock.cr, SUPERUSER_ID, {"tracking_disable": True})
        self.assets = {
            name: self.env["tibillet.asset"].browse(asset_id)
            for name, asset_id in made["assets"].items()
        }
        self.cards = [self.env["tibillet.card"].browse(card_id) for card_id in made["cards"]]
        self.tills = [Till(self, name) for name in made["companies"]]
        self.stand = Till(self, "stand", STAND)
        self.companies = self.env["res.company"].browse(made["companies"].values())
        self.merchant = self.env["tibillet.merchant"].browse(made["merchant"])
        self.sales, self.hand_made, self.said, self.asleep = [], set(), [], []
        self.fees = defaultdict(list)
        self.count = Counter()
        # Everything at least once, then by weight.
        more = max(0, days * ACTS_A_DAY - len(ACTS))
        weights = [one.weight for one in ACTS]
        self.agenda = [*ACTS, *self.dice.choices(ACTS, weights, k=more)]
        self.dice.shuffle(self.agenda)

    # -- what acts need ----------------------------------------------------------------

    def as_user(self, user_id, company):
        """An environment as a signed-in colleague has it."""
        context = {"allowed_company_ids": [company.id], "tracking_disable": True}
        return self.env(user=user_id, context=context)

    def request_done(self):
        """What a request wrote is committed, and the next one remembers nothing."""
        self.env.flush_all()
        self.clock.cr.commit()
        self.env.invalidate_all()

    def till(self, name):
        return next(till for till in self.tills if till.name == name)

    def till_of(self, company):
        """A company's own till."""
        return next(till for till in self.tills if till.company == company)

    def card(self):
        return self.dice.choice(self.cards)

    def loadable(self, till):
        """An asset that money buys: mostly of the house, else whatever the ledger says of it."""
        backed = [asset for asset in self.assets.values() if asset.backed]
        own = [asset for asset in backed if asset.company_id == till.company]
        return self.dice.choice(own if own and self.dice.random() < 0.6 else backed)

    def issued(self, till, *kinds):
        """An asset of one of these kinds that the till's own company issues."""
        own = [
            asset
            for asset in self.assets.values()
            if asset.kind in kinds and asset.company_id == till.company
        ]
        return self.dice.choice(own) if own else None

    def operations(self, till, *codes, days=3):
        """Posted operations of these codes at the till's company, in their order."""
        return list(
            self.env["tibillet.operation"].search(
                [
                    ("code", "in", codes),
                    ("state", "=", "posted"),
                    ("company_id", "=", till.company.id),
                    ("occurred_at", ">", self.clock.now - timedelta(days=days)),
                ],
                order="id",
            )
        )

    def sold(self, order):
        if order:
            self.sales.append(order)

    def done(self, answer):
        """What a till heard: done, or refused with a sentence."""
        if not answer["ok"]:
            self.refused(answer)

    def refused(self, answer):
        assert answer.get("ok") or answer.get("message"), answer
        self.count["refused"] += 1
        self.said.append(answer.get("message"))

    def asked(self, button):
        """Press a button of the backend; answers what it does, nothing when it says why not."""
        from odoo.exceptions import UserError

        answer = None
        try:
            with self.env.cr.savepoint():
                answer = button()
                self.env.flush_all()
        except UserError as refusal:
            self.env.invalidate_all(flush=False)
            self.refused({"message": str(refusal)})
        self.request_done()
        return answer

    def bank_of(self, till):
        """The bank of a company, as its accountant's forms name it."""
        return str(till.as_accountant["tibillet.settlement"]._bank_journal(till.company).id)

    def purchase_tax(self, till):
        """The tax of a provider's bill, as its accountant's forms name it."""
        charts = self.env["account.chart.template"].with_company(till.company)
        return str(charts.ref("tva_acq_normale").id)

    def post(self, code, asset, holder, amount_minor, till, names=None):
        """What has no screen: value that the issuer gives to a card, or takes from an account."""
        accounts = self.env["tibillet.account"]
        issuer = accounts._get(asset.issuer_wallet_id, asset)
        gives = holder._name == "tibillet.card"
        account = accounts._get(holder.wallet_id._surviving(), asset) if gives else holder
        sides = (issuer, account) if gives else (account, issuer)
        operation = self.env["tibillet.ledger"]._post(
            [
                {
                    "key": till.new_key(),
                    "origin": "days",
                    "code": code,
                    "transfers": [(*(side.id for side in sides), amount_minor)],
                    "company_id": till.company.id,
                    "names_id": names.id if names else None,
                }
            ]
        )
        self.hand_made.add(operation.id)
        self.request_done()

    def by_hand(self, form):
        """Confirm a form of the backend; what it moved has no document of Odoo's."""
        last = self.env["tibillet.operation"].search([], order="id desc", limit=1)
        answer = form.action_confirm()
        self.request_done()
        if answer["type"] != "ir.actions.client":
            self.refused({"message": answer["context"]["default_refused"]})
        made = self.env["tibillet.operation"].search([("id", ">", last.id)])
        self.hand_made.update(made.ids)

    # -- time --------------------------------------------------------------------------

    def told(self):
        """What happened how often."""
        self.env.cr.execute(
            "SELECT code, count(*) FROM tibillet_operation WHERE state = 'posted' GROUP BY 1"
        )
        return {"acts": dict(self.count), "codes": dict(self.env.cr.fetchall()), "said": self.said}

    def before(self, start):
        """Months earlier some fall asleep; a month earlier something is handed out that runs out
        within the days that are played."""
        coop, bar, festival = self.tills
        sleepers.fall_asleep(self)
        self.clock.move_to(start - BEFORE)
        bar.open()
        festival.open()
        for some in (self.cards[:5], self.cards[5:]):
            self.load(bar, self.assets["voucher"], some, 700)
            self.load(bar, self.assets["token"], some, 1500)
            self.load(festival, self.assets["fed"], some, 3000, festival.bank)
            self.post("gift", self.assets["welcome"], some[0], 300, coop)
            self.clock.forward(timedelta(hours=20))
        for card in self.cards[-2:]:
            acts.pay(self, festival, card, festival.basket(("book", 2)))
        for till in (bar, festival):
            till.send(till.order_values(till.basket(("cup", 9)), [(till.cash, 9.0, False)]))
            till.close()
        self.clock.move_to(start)

    def load(self, till, asset, cards, cents, method=None):
        """One order of top-ups, one a card."""
        topups = []
        for card in cards:
            values = {"asset_id": asset.id, "price_minor": cents}
            key, answer = till.act(card, "topup", values)
            assert answer["ok"], answer
            topups.append((key, cents / 100, asset))
        payment = (method or till.cash, len(cards) * cents / 100, False)
        till.send(till.order_values([], [payment], topups=topups))

    def evening(self, last):
        """From the afternoon to the small hours; some tills stay open behind their people."""
        for till in (*self.tills, self.stand):
            if till.kept:
                till.open()
                till.send_kept()
        for _turn in range(min(ACTS_A_DAY, len(self.agenda))):
            self.clock.forward(timedelta(minutes=self.dice.randrange(1, 55)))
            act, till = self.agenda.pop(), self.dice.choice(self.tills)
            till.open()
            act(self, till)
            self.count[act.__name__] += 1
        for till in (*self.tills, self.stand):
            if till.kept and (last or self.dice.random() < 0.25):
                till.send_kept()  # the same night
            if last or self.dice.random() < 0.55:
                till.close(counted_wrong=self.dice.choice((0, 0, 0, -0.5, 1.2)))
        if last:
            self._pay_transfers()

    def morning(self, last):
        """The night's jobs, the accountants' morning, and the look."""
        day = (self.clock.now - timedelta(hours=11)).date() + timedelta(days=1)
        self.clock.move_to(max(self.clock.now, datetime.combine(day, time(1, 30))))
        self.env["tibillet.ledger"]._cron_expire()
        self.env["tibillet.dormancy"]._mark()
        self.request_done()
        self.clock.move_to(datetime.combine(day, time(10, 0)))
        for company in self.companies:
            if self.dice.random() < 0.2:
                self._lock(company, day - timedelta(days=self.dice.choice((1, 2))))
        self.env["tibillet.ledger"]._cron_take_home()
        self.env["tibillet.books"]._cron_write_entries()
        self.request_done()
        mornings.look(self, last)
        if not last:
            if self.dice.random() < 0.5:
                self._pay_transfers()
            if self.dice.random() < 0.6:
                self._settle()
            stand.pay_merchant(self)
        self.clock.move_to(datetime.combine(day, time(15, 0)))

    def _lock(self, company, until):
        """The accountant closes a period; Odoo may say what is still to do first."""
        from odoo.exceptions import UserError

        try:
            with self.env.cr.savepoint():
                company.fiscalyear_lock_date = until
                self.count["locked"] += 1
        except UserError as refusal:
            self.refused({"message": str(refusal)})
        self.request_done()

    def _pay_transfers(self):
        """Accountants send what was promised by transfer."""
        for till in self.tills:
            waiting = till.as_accountant["tibillet.payback"].search([("state", "=", "todo")])
            bank = till.as_accountant["account.journal"].search([("type", "=", "bank")], limit=1)
            if waiting:
                waiting.write({"journal_id": bank.id})
                waiting.action_done()
            self.count["transfers"] += len(waiting)
        self.request_done()

    def _settle(self):
        """Two places agree on what they owe each other, and pay it whole or in part."""
        from odoo.exceptions import UserError

        one, other = self.dice.sample(self.tills, 2)
        form = one.as_accountant["tibillet.settlement.propose"]
        values = {"other": str(other.company.id)}
        opened = [till.session.start_at.date() for till in (one, other) if till.is_open]
        if opened and self.dice.random() < 0.8:
            values["until_day"] = min(opened) - timedelta(days=1)
        try:
            with self.env.cr.savepoint():
                action = form.create(values).action_propose()
                for till in (one, other):
                    till.as_accountant["tibillet.settlement"].browse(
                        action["res_id"]
                    ).action_agree()
                settlement = one.as_accountant["tibillet.settlement"].browse(action["res_id"])
                if settlement.state == "agreed":
                    part = self.dice.choice((settlement.rest, round(settlement.rest / 3, 2)))
                    pay = one.as_accountant["tibillet.settlement.pay"]
                    pay.create({"settlement_id": settlement.id, "amount": part}).action_pay()
                self.count["settled"] += 1
        except UserError as refusal:
            self.refused({"message": str(refusal)})
        self.request_done()
