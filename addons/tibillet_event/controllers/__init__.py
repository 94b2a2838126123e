from . import codes
from . import rates
