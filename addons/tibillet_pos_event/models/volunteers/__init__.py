from . import pos_order
from . import pos_order_line
from . import pos_session
from . import tibillet_card_page
from . import tibillet_day_right
from . import tibillet_figures
