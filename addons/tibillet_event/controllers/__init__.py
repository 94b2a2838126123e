from . import codes
from . import payment
from . import rates
from . import seats
