"""What a till may take back: at the rate of the day, so many at once."""

from odoo import api, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class TibilletDeposit(models.AbstractModel):
    _name = "tibillet.deposit"
    _description = "Deposits at a till"

    @api.model
    def _check(self, config, lines, goods):
        """Refuse cups at another rate than theirs, and more at once than a cashier may take.

        :param lines: a basket as ``tibillet.till._check_lines`` answers it
        :param goods: what was read of its products, by product
        :returns: the deposits' part of the lines that give back, and belong to no refund
        :raises LedgerError: ``invalid``, ``not_allowed``
        """
        rates = self._rates(config, goods)
        if not rates:
            return []
        cups = [line for line in lines if line["product_id"] in rates]
        for line in cups:
            rate = rates[line["product_id"]]
            if not line["refunded_line_id"] and line["amount_minor"] % rate:
                raise LedgerError(
                    "invalid",
                    self.env._(
                        "A deposit has one rate, without discount: %s. Nothing was taken.",
                        self.env["tibillet.ledger"]._money(config.company_id, rate),
                    ),
                )
        back = [line for line in cups if line["amount_minor"] < 0 and not line["refunded_line_id"]]
        count = sum(-line["amount_minor"] // rates[line["product_id"]] for line in back)
        most = config.tibillet_deposit_max
        if count > most and not self.env["tibillet.undo"]._is_manager():
            raise LedgerError(
                "not_allowed",
                self.env._(
                    "%(count)s cups at once: a cashier takes back %(most)s. Call a manager, "
                    "nothing was given back.",
                    count=count,
                    most=most,
                ),
            )
        return back

    @api.model
    def _rates(self, config, goods):
        """Of these goods the deposits, with their rate in minor units."""
        to_minor = self.env["tibillet.till"]._to_minor
        return {
            one.product_id: to_minor(one.list_price or 0, config.company_id.currency_id)
            for one in goods.values()
            if one.deposit
        }

    @api.model
    def _gives_back(self, lines, back):
        """Whether a basket whose total is negative gives back deposits, and nothing else."""
        negative = [line for line in lines if line["amount_minor"] < 0]
        return bool(back) and len(negative) == len(back)
