from . import codes
from . import files
from . import guests
from . import payment
from . import rates
from . import seats
from . import tickets
from . import festival
