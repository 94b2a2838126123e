from odoo import models

FONTS = "https://fonts.gstatic.com"


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _post_processing_att(self, tagName, atts):
        """No visitor's browser calls a font server before a page needs it.

        Odoo's website layout has every page connect to one, whatever fonts it uses.
        """
        if tagName == "link" and atts.get("rel") == "preconnect":
            if str(atts.get("href")).startswith(FONTS):
                atts = {name: value for name, value in atts.items() if name != "href"}
        return super()._post_processing_att(tagName, atts)
