from . import tibillet_till
from . import tibillet_till_goods
from . import pos_session
from . import pos_order
