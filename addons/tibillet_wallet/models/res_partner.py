from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _tibillet_rights(self, company, at=None):
        """What this person may claim at ``company`` at the moment ``at``.

        The seam between those who give rights (memberships, peers) and those who read them
        (rates, pricelists, gates, tills): givers extend it and add their codes to what
        ``super()`` answers, readers compare codes and know nothing else.

        :param company: one ``res.company``
        :param at: naive UTC datetime, now when left out
        :return: frozenset of codes; the wallet itself gives none
        """
        self.ensure_one()
        return frozenset()
