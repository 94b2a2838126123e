from . import pos_order
from . import pos_session
from . import tibillet_dispute
from . import tibillet_refund
from . import tibillet_undo
