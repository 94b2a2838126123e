from odoo import models


class EventEvent(models.Model):
    _inherit = "event.event"

    def _tibillet_organiser_lines(self, seller):
        """Who organises, as a ticket says it: name, address, number of the firm, VAT number.

        :param seller: the till's company, for an event of no company
        """
        self.ensure_one()
        company = self.company_id or seller
        partner = company.partner_id
        town = " ".join(part for part in (partner.zip, partner.city) if part)
        label = "SIRET" if partner.country_code == "FR" else partner.company_registry_label
        registry = company.company_registry and f"{label} {company.company_registry}"
        vat = company.vat and f"{company.country_id.vat_label or self.env._('VAT')} {company.vat}"
        address = ", ".join(part for part in (partner.street, partner.street2, town) if part)
        return [line for line in (company.name, address, registry, vat) if line]

    def _tibillet_place_text(self):
        """Where it takes place: the name of the place and its address."""
        self.ensure_one()
        texts = (self.address_id.name, self.address_inline)
        return ", ".join(dict.fromkeys(text for text in texts if text))
