from . import seats
from . import payment
