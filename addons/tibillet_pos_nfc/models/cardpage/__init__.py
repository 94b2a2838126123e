from . import tibillet_card_page
from . import pos_session
