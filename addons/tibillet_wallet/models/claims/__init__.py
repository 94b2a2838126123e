from . import tibillet_act_write_off
from . import tibillet_books
