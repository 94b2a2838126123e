"""Is it single-purpose without anybody having said so? What everything that it buys bears."""

from odoo import api, fields, models
from odoo.tools import SQL, float_repr


class TibilletAsset(models.Model):
    _inherit = "tibillet.asset"

    one_rate_text = fields.Char(string="One rate", compute="_compute_one_rate_text")

    @api.depends("vat_nature", "product_category_ids", "acceptance_ids.state")
    @api.depends_context("lang")
    def _compute_one_rate_text(self):
        for asset in self:
            rate = asset._one_rate() if asset.backed and asset.vat_nature != "single" else None
            asset.one_rate_text = rate is not None and self.env._(
                "Everything that “%(asset)s” buys bears %(rate)s %% of VAT. Where the rate is "
                "known when it is sold, the law may call it single-purpose: VAT is then due at "
                "the top-up. Ask your accountant which nature it has.",
                asset=asset.name,
                rate=float_repr(rate, 2).rstrip("0").rstrip(".") or "0",
            )

    def _one_rate(self):
        """The rate of everything that the asset buys, here and where it is accepted; None where
        there are several, or nothing is sold yet (practice-france, 10)."""
        self.ensure_one()
        asset_sudo = self.sudo()  # prices of every place that takes it
        accepted_sudo = asset_sudo.acceptance_ids.filtered(lambda one: one.state == "active")
        rates = set()
        for company_sudo, categories_sudo in [
            (asset_sudo.company_id, asset_sudo.product_category_ids.browse()),
            *((one.company_id, one.product_category_ids) for one in accepted_sudo),
        ]:
            rates |= asset_sudo._rates_sold(company_sudo, categories_sudo)
            if len(rates) > 1:
                return None
        return rates.pop() if rates else None

    def _rates_sold(self, company_sudo, categories_sudo):
        """Rates of the articles that it buys at one place."""
        domain = [
            ("sale_ok", "=", True),
            ("company_id", "in", [False, company_sudo.id]),
            ("tibillet_price_asset_id", "=", False),
            ("tibillet_deposit", "=", False),
            ("id", "not in", company_sudo._tibillet_topup_products().product_tmpl_id.ids),
        ]
        for allowed_sudo in (self.product_category_ids, categories_sudo):
            if allowed_sudo:
                domain.append(("categ_id", "child_of", allowed_sudo.ids))
        products = self.env["product.template"]
        # What the tills sell, where there are tills: the shop's own articles are no bar.
        if "available_in_pos" in products._fields:
            domain.append(("available_in_pos", "=", True))
        goods_sudo = products.search(domain)
        return set(self.env["tibillet.ledger"]._tax_rates(goods_sudo, company_sudo).values())


class TibilletControl(models.Model):
    _inherit = "tibillet.control"

    warning = fields.Text(
        string="To look at",
        readonly=True,
        help="Nothing is wrong in the figures; somebody should decide.",
    )

    @api.model
    def _look(self, company):
        control = super()._look(company)
        control_sudo = control.sudo()  # nobody writes a page by hand
        language = company.sudo().partner_id.lang or self.env.lang
        assets_sudo = self.env["tibillet.asset"].sudo().with_context(lang=language)
        texts = assets_sudo.search([("company_id", "=", company.id), ("backed", "=", True)])
        control_sudo.warning = "\n".join(filter(None, texts.mapped("one_rate_text")))
        return control


class TibilletHealth(models.AbstractModel):
    _inherit = "tibillet.health"

    @api.model
    def _parts(self):
        return {**super()._parts(), "vat_natures": self._part_vat_natures}

    @api.model
    def _part_vat_natures(self):
        """Companies whose last look at the books had something for somebody to decide: read
        from the page of it, since a monitor asks often."""
        self.env["tibillet.control"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT c.company_id
                     FROM (SELECT DISTINCT ON (company_id) company_id, warning
                             FROM tibillet_control
                            ORDER BY company_id, checked_at DESC, id DESC) c
                    WHERE c.warning <> '' ORDER BY 1"""
            )
        )
        answer = {"companies_to_decide": [company_id for (company_id,) in rows]}
        if rows:
            answer["warning"] = "An asset buys goods of one rate of VAT only: see its control."
        return answer
