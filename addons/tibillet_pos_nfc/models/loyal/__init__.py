from . import tibillet_till
from . import tibillet_refund
from . import pos_payment
