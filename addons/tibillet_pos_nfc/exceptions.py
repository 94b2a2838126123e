from odoo.exceptions import UserError


class TillClosedError(UserError):
    """A paid order came after its session was closed and no other is open.

    The till knows this name: it keeps the order and sends it again once the till is open.
    """
