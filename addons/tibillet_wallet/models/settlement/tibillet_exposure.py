from odoo import api, fields, models
from odoo.tools import SQL

from ...fields import BigInteger


class TibilletExposure(models.Model):
    """What each place owes all others together, over every asset: one line per currency.

    Each pair is netted first: who owes 50 here and is owed 20 by the same place owes 30.

    Merchants of a place are not in it, nor do they count towards its ceiling. The ceiling bounds
    what other places lend by taking somebody's tokens, and its sanction protects them: the place
    loads no more for others, and their tills take no more of what it issues. A merchant lends
    nothing so: it sells at a till of the organiser, for days, and is paid by its statement, once
    its contract is over. Were it counted, a stand's good evening would stop the tokens at every
    other place. What merchants are owed is on their statements, in the roles "due_to" and
    "merchant" of the books, and in what the bank has to cover (:class:`tibillet.backing`).
    """

    _name = "tibillet.exposure"
    _description = "What a place owes in all"
    _auto = False
    _order = "owed_minor desc, id"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", string="Place", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    owed_minor = BigInteger(readonly=True, aggregator=None)
    owed = fields.Monetary(string="Owes in all", readonly=True)
    is_owed = fields.Monetary(
        string="Is owed", readonly=True, help="By those who owe it net, all together."
    )
    creditor_count = fields.Integer(string="To places", readonly=True, aggregator=None)
    ceiling_minor = BigInteger(readonly=True, aggregator=None)
    ceiling = fields.Monetary(
        string="Ceiling", readonly=True, help="In the settings of the place; 0 = none."
    )
    percent = fields.Integer(
        string="Of the ceiling (%)",
        readonly=True,
        aggregator=None,
        help="At 100 % the place loads no more for others, and their tills take no more of what "
        "it issues, until it settles.",
    )
    sentence = fields.Char(compute="_compute_sentence", string="Where it stands")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT d.company_id * 1024 + d.currency_id AS id, d.company_id, d.currency_id,
                   d.owed_minor, d.owed_minor / u.unit AS owed, d.is_owed_minor / u.unit AS is_owed,
                   d.creditor_count, k.ceiling_minor, k.ceiling_minor / u.unit AS ceiling,
                   CASE WHEN k.ceiling_minor > 0
                        THEN LEAST(d.owed_minor * 100 / k.ceiling_minor, 1000000) ELSE 0
                        END::integer AS percent
              FROM (SELECT f.company_id, p.currency_id,
                           COALESCE(sum(f.net_minor) FILTER (WHERE f.net_minor > 0), 0)::bigint
                               AS owed_minor,
                           -COALESCE(sum(f.net_minor) FILTER (WHERE f.net_minor < 0), 0)::bigint
                               AS is_owed_minor,
                           (count(*) FILTER (WHERE f.net_minor > 0))::integer AS creditor_count
                      FROM (%s) p
                     CROSS JOIN LATERAL (VALUES (p.first_company_id, p.net_minor),
                                                (p.second_company_id, -p.net_minor)
                                        ) f(company_id, net_minor)
                     GROUP BY 1, 2) d
              JOIN res_company c ON c.id = d.company_id
              JOIN res_currency r ON r.id = d.currency_id
             CROSS JOIN LATERAL (SELECT power(10, r.decimal_places)::numeric AS unit) u
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN c.currency_id = d.currency_id
                               THEN c.tibillet_owed_ceiling_minor ELSE 0 END AS ceiling_minor) k
            """,
            self.env["tibillet.debt.pair"]._table_query,
        )

    @api.depends_context("lang")
    def _compute_sentence(self):
        for row_sudo in self.sudo():  # the place's name
            currency = row_sudo.currency_id
            texts = {
                "place": row_sudo.company_id.name,
                "owed": currency.format(row_sudo.owed),
                "ceiling": currency.format(row_sudo.ceiling),
                "percent": row_sudo.percent,
            }
            if not row_sudo.owed_minor:
                row_sudo.sentence = self.env._("%(place)s owes nobody anything.", **texts)
            elif not row_sudo.ceiling_minor:
                row_sudo.sentence = self.env._(
                    "%(place)s owes %(owed)s in all; no ceiling was set.", **texts
                )
            elif row_sudo.owed_minor >= row_sudo.ceiling_minor:
                row_sudo.sentence = self.env._(
                    "%(place)s owes %(owed)s in all and may owe %(ceiling)s: it stops until it "
                    "settles.",
                    **texts,
                )
            else:
                row_sudo.sentence = self.env._(
                    "%(place)s owes %(owed)s in all, %(percent)s %% of %(ceiling)s.", **texts
                )

    def action_view_pairs(self):
        """The pairs that make it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_wallet.tibillet_debt_pair_action"
        )
        return action | {
            "domain": [
                "|",
                ("first_company_id", "=", self.company_id.id),
                ("second_company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
            ],
            "context": {},
        }
