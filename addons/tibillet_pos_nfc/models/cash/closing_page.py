"""A Z put in words: its sections in the reader's language, with the formula of each figure."""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import format_datetime


class Money(NamedTuple):
    minor: int


class Units(NamedTuple):
    """An amount of an asset: minor units, its scale and its unit."""

    minor: int
    scale: int
    unit: str


class Section(NamedTuple):
    title: str
    rows: list
    head: tuple = ()
    formula: str = ""


class TibilletClosingPage(models.AbstractModel):
    _name = "tibillet.closing.page"
    _description = "A closing in words"

    @api.model
    def _title(self, content):
        if content["number"]:
            return self.env._(
                "Z %(till)s No. %(number)05d", till=content["till"], number=content["number"]
            )
        return self.env._("X %(till)s, not a closing", till=content["till"])

    @api.model
    def _facts(self, content):
        def at(moment):
            return format_datetime(self.env, moment, tz=content["timezone"]) if moment else "…"

        facts = [
            " · ".join(
                part
                for part in (content["company"], content["registry"], content["vat_number"])
                if part
            ),
            self.env._(
                "Session %(session)s, from %(start)s to %(stop)s",
                session=content["session"],
                start=at(content["opened_at"]),
                stop=at(content["closed_at"]),
            ),
        ]
        if content["number"]:
            facts.append(
                self.env._(
                    "Opened by %(opened)s, closed by %(closed)s",
                    opened=content["opened_by"],
                    closed=content["closed_by"],
                )
            )
        else:
            facts.append(self.env._("A preview: the session goes on, nothing was numbered."))
        return facts

    @api.model
    def _sections(self, content):
        """All sections that have something to say, in the order in which they are read."""
        sections = [
            self._turnover(content),
            self._vat(content),
            self._moved(content),
            self._paid(content),
            self._assets(content),
            self._ledger(content),
            self._drawer(content),
            self._cashiers(content),
            self._bags(content),
            self._moves(content),
            self._events(content),
            self._offers(content),
            self._products(content),
            self._tills(content),
            self._missing(content),
            self._habits(content),
            self._control(content),
        ]
        return [section for section in sections if section.rows]

    # -- sections ----------------------------------------------------------------------

    @api.model
    def _turnover(self, content):
        turnover = content["turnover"]
        rows = [
            (self.env._("Gross"), Money(turnover["gross"])),
            (self.env._("Net"), Money(turnover["net"])),
            (self.env._("VAT"), Money(turnover["vat"])),
            (self.env._("Orders"), turnover["orders"]),
        ]
        given = turnover.get("given", 0)  # a Z of before has none
        if given:
            rows.append((self.env._("Gifts of this place, taken off"), Money(given)))
        taxed = turnover.get("taxed", 0)
        if taxed:
            rows.append((self.env._("Taxed when cards were loaded, taken off"), Money(taxed)))
        if content["number"]:
            rows += [
                (self.env._("Perpetual total before"), Money(content["perpetual_before"])),
                (self.env._("Perpetual total after"), Money(content["perpetual"])),
            ]
        return Section(
            self.env._("Turnover"),
            rows,
            formula=self.env._(
                "What was sold less what was taken back. Money moved is no part of it, nor are "
                "gifts spent where they were given: they lower the price, and the VAT with it. "
                "Perpetual total: the turnover of every Z of this till."
            ),
        )

    @api.model
    def _vat(self, content):
        return Section(
            self.env._("VAT"),
            [
                [
                    row["name"] or self.env._("No tax"),
                    Money(row["net"]),
                    Money(row["vat"]),
                    Money(row["gross"]),
                ]
                for row in content["vat"]
            ],
            (self.env._("Tax"), self.env._("Net"), self.env._("VAT"), self.env._("Gross")),
            self.env._("By the taxes of each line as sold. VAT = gross − net."),
        )

    @api.model
    def _moved(self, content):
        names = self._natures()
        rows = [
            (
                names.get(f"{row['nature']}_{row['side']}", row["nature"]),
                row["qty"],
                Money(row["amount"]),
            )
            for row in content["moved"]
        ]
        if content["rounding"]:
            rows.append((self.env._("Rounding of orders"), "", Money(content["rounding"])))
        return Section(
            self.env._("Money moved"),
            rows,
            ("", self.env._("Count"), self.env._("Amount")),
            self.env._("Money that changed its place and was not earned: never turnover."),
        )

    @api.model
    def _natures(self):
        return {
            "topup_in": self.env._("Top-ups"),
            "topup_out": self.env._("Top-ups given back"),
            "deposit_in": self.env._("Deposits taken"),
            "deposit_out": self.env._("Deposits given back"),
        }

    @api.model
    def _paid(self, content):
        return Section(
            self.env._("Paid by"),
            [[row["name"], row["count"], Money(row["amount"])] for row in content["methods"]],
            (self.env._("Method"), self.env._("Payments"), self.env._("Amount")),
            self.env._("Change given back is taken off. Sales and money moved together."),
        )

    @api.model
    def _assets(self, content):
        return Section(
            self.env._("Cards paid with"),
            [
                [
                    row["name"],
                    self.env._("gift") if row["kind"] == "gift" else "",
                    Units(row["amount"], row["scale"], row["unit"]),
                    Money(row["value"]),
                ]
                for row in content["assets"]
            ],
            (self.env._("Asset"), "", self.env._("Units"), self.env._("Value")),
            self.env._("Taken from cards for orders, less what was given back to them."),
        )

    @api.model
    def _ledger(self, content):
        operations = self.env["tibillet.operation"]
        codes = {
            **dict(operations._fields["code"]._description_selection(self.env)),
            "points_given": self.env._("Points given by sales"),
            "points_back": self.env._("Points taken back"),
        }
        means = dict(operations._fields["means"]._description_selection(self.env))
        return Section(
            self.env._("Cards at this till"),
            [
                [
                    codes.get(row["code"], row["code"]),
                    means.get(row["means"], ""),
                    row["asset"],
                    row["count"],
                    Units(row["amount"], row["scale"], row["unit"]),
                ]
                for row in content["operations"]
            ],
            (
                self.env._("Operation"),
                self.env._("Paid by"),
                self.env._("Asset"),
                self.env._("Count"),
                self.env._("Amount"),
            ),
            self.env._("What the ledger posted for this till while the session was open."),
        )

    @api.model
    def _drawer(self, content):
        if not content["control"]:
            return Section(self.env._("Cash drawer"), [])
        cash = content["cash"]
        rows = [
            (self.env._("Float at opening"), Money(cash["opening"])),
            (self.env._("Cash sales"), Money(cash["sales"])),
            (self.env._("Cash in"), Money(cash["ins"])),
            (self.env._("Cash out"), Money(cash["outs"])),
            (self.env._("Bags to the safe"), Money(cash["drops"])),
        ]
        if content["number"]:
            rows += [
                (self.env._("Expected"), Money(cash["expected"])),
                (self.env._("Counted"), Money(cash["counted"])),
                (self.env._("Difference"), Money(cash["difference"])),
            ]
        return Section(
            self.env._("Cash drawer"),
            rows,
            formula=self.env._(
                "Expected = float + cash sales + cash in − cash out − bags. "
                "Difference = counted − expected, of all counts together."
            ),
        )
