from odoo import api, fields, models


class PosPayment(models.Model):
    _inherit = "pos.payment"

    tibillet_gift = fields.Monetary(
        string="No turnover",
        readonly=True,
        copy=False,
        help="What of this card payment the place itself had given, or had taxed when the card "
        "was loaded: no turnover of this sale.",
    )
    tibillet_taxed_net = fields.Monetary(
        string="Taxed before, without tax",
        readonly=True,
        copy=False,
        help="What of it leaves the wallets' debt all the same: revenue without tax.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tibillet_without_gift(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tibillet_without_gift(vals))

    @api.model
    def _tibillet_without_gift(self, vals):
        return {name: vals[name] for name in vals.keys() - {"tibillet_gift", "tibillet_taxed_net"}}

    def _tibillet_write_gift(self, gift, taxed_net=0):
        # The only door to these fields.
        # pylint: disable=missing-return,super-method-mismatch
        super().write({"tibillet_gift": gift, "tibillet_taxed_net": taxed_net})

    def _tibillet_no_turnover(self):
        """What of what the card paid, or got back, is no turnover.

        :returns: ``(gifts, singles)``: gifts of this place, single-purpose money
        """
        self.ensure_one()
        posted_sudo = self._tibillet_operations().filtered(lambda op: op.state == "posted")
        ledger = self.env["tibillet.till"]._ledger()
        return ledger._gifts_spent(posted_sudo), ledger._singles_spent(posted_sudo)

    def _tibillet_received(self):
        """What the books know of this payment: the rest is a discount, or tax paid before."""
        return self.amount - self._tibillet_not_received()

    def _tibillet_not_received(self):
        return self.tibillet_gift - self.tibillet_taxed_net
