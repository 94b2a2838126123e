from . import pos_order_line
from . import pos_payment
from . import pos_order
from . import pos_order_moves
from . import pos_session
from . import tibillet_refund
from . import tibillet_till
