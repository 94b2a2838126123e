from . import tibillet_till
from . import tibillet_refund
from . import pos_payment
from . import tibillet_offer
from . import tibillet_offer_use
from . import tibillet_offer_consent
from . import tibillet_card_page
from . import res_partner
