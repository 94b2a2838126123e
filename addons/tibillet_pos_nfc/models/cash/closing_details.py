"""The sections of a Z that go into detail: people, bags, articles, machines, habits."""

from odoo import api, models
from odoo.tools import format_datetime

from .closing_page import Money, Section


class TibilletClosingPage(models.AbstractModel):
    _inherit = "tibillet.closing.page"

    @api.model
    def _cashiers(self, content):
        how = {True: self.env._("blind"), False: self.env._("sum known")}
        rows = []
        for row in content["shifts"]:
            counted = content["control"] and row["counted_once"]
            on = [how[row["blind"]], row.get("device")]  # a Z of before has none
            rows.append(
                (
                    row["person"] or "…",
                    row["orders"],
                    Money(row["taken"]),
                    Money(row["opening"]) if content["control"] else "",
                    Money(row["expected"]) if counted else "",
                    Money(row["counted"]) if counted else "",
                    Money(row["difference"]) if counted else "",
                    ", ".join(filter(None, on)) if counted else "",
                )
            )
        return Section(
            self.env._("Cashiers"),
            rows,
            (
                self.env._("Cashier"),
                self.env._("Orders"),
                self.env._("Taken, all methods"),
                self.env._("Taken over"),
                self.env._("Expected"),
                self.env._("Counted"),
                self.env._("Difference"),
                self.env._("How counted"),
            ),
            self.env._(
                "Each cashier answers for what arrived while she had the drawer. "
                "Blind: counted before the expected sum was shown."
            ),
        )

    @api.model
    def _bags(self, content):
        return Section(
            self.env._("Bags to the safe"),
            [
                [
                    bag["bag"],
                    self._at(content, bag["at"]),
                    bag["person"],
                    bag["witness"],
                    Money(bag["amount"]),
                ]
                for bag in content["bags"]
            ],
            (
                self.env._("Bag"),
                self.env._("At"),
                self.env._("Put in by"),
                self.env._("Seen by"),
                self.env._("Amount"),
            ),
        )

    @api.model
    def _at(self, content, moment):
        return format_datetime(self.env, moment, tz=content["timezone"], dt_format="short")

    @api.model
    def _moves(self, content):
        return Section(
            self.env._("Cash in and out"),
            [[move["reason"], Money(move["amount"])] for move in content["moves"]],
            (self.env._("Reason"), self.env._("Amount")),
        )

    @api.model
    def _events(self, content):
        events, receipts = content["events"], content["receipts"]
        gifts = sum(row["value"] for row in content["assets"] if row["kind"] == "gift")
        return Section(
            self.env._("What happened"),
            [
                (self.env._("Orders given up"), events["voids"], ""),
                (
                    self.env._("Orders taken back"),
                    events["refunds"],
                    Money(events["refunds_amount"]),
                ),
                (self.env._("Sales undone"), events["undone"], Money(events["undone_amount"])),
                (self.env._("Discounts"), events["discounted_qty"], Money(events["discounts"])),
                (self.env._("Offered"), events["offered_qty"], Money(events["offered"])),
                (self.env._("Paid with gifts"), "", Money(gifts)),
                (self.env._("Receipts printed again"), events["duplicates"], ""),
                (self.env._("Drawer openings"), events["drawer_openings"], ""),
                (self.env._("Drawer openings without sale"), events["drawer_without_sale"], ""),
                (self.env._("Orders older than the session"), events["late"], ""),
                (self.env._("First receipt"), receipts["first"], ""),
                (self.env._("Last receipt"), receipts["last"], ""),
            ],
            ("", self.env._("Count"), self.env._("Amount")),
            self.env._(
                "Discounts = unit price × quantity × discount, below 100 %. Offered: the same at "
                "100 %, no part of the discounts."
            ),
        )

    @api.model
    def _products(self, content):
        return Section(
            self.env._("Articles"),
            [
                [
                    row["name"],
                    Money(row["price"]),
                    f"−{row['discount']:g} %" if row["discount"] else "",
                    row["qty"],
                    row["returned"] or "",
                    Money(row["net"]),
                    Money(row["gross"]),
                ]
                for row in content["products"]
            ],
            (
                self.env._("Article"),
                self.env._("Price"),
                self.env._("Discount"),
                self.env._("Quantity"),
                self.env._("Taken back"),
                self.env._("Net"),
                self.env._("Gross"),
            ),
            self.env._(
                "One row for each price. Quantity is what was sold less what was taken back."
            ),
        )

    @api.model
    def _tills(self, content):
        return Section(
            self.env._("Tills"),
            [
                [
                    row["name"],
                    row["orders"],
                    Money(row["amount"]),
                    f"{row['first']} – {row['last']}" if row["first"] else "",
                    self._at(content, row["seen"]) if row["seen"] else "",
                ]
                for row in content["devices"]
            ],
            (
                self.env._("Machine"),
                self.env._("Orders"),
                self.env._("Amount"),
                self.env._("Acts"),
                self.env._("Last heard of"),
            ),
        )

    @api.model
    def _missing(self, content):
        return Section(
            self.env._("Not received"),
            [[row["device"], f"{row['first']} – {row['last']}"] for row in content["missing"]],
            (self.env._("Machine"), self.env._("Acts")),
            self.env._(
                "Acts that a machine numbered and that have not arrived: switch it on near the "
                "network. What arrives later is in the next Z, marked as older."
            ),
        )

    @api.model
    def _habits(self, content):
        habits = content["habits"]
        rows = [(self.env._("Cards seen"), habits["cards"])]
        if habits["median_topup"] is not None:
            rows.append((self.env._("Median top-up"), Money(habits["median_topup"])))
        if habits["mean_basket"] is not None:
            rows.append((self.env._("Mean basket"), Money(habits["mean_basket"])))
        return Section(
            self.env._("Habits"),
            rows,
            formula=self.env._(
                "Cards seen: different cards that paid or were loaded. Median: half of the "
                "top-ups are smaller, half are larger. "
                "Mean basket = turnover ÷ sales of goods, undone ones left out."
            ),
        )

    @api.model
    def _control(self, content):
        checks = content["checks"]
        return Section(
            self.env._("Control"),
            [
                (
                    self.env._("Turnover + gifts of this place + money moved + rounding"),
                    Money(checks["orders"]),
                ),
                (self.env._("Payments"), Money(checks["payments"])),
                (self.env._("Unexplained"), Money(checks["orders"] - checks["payments"])),
            ],
        )
