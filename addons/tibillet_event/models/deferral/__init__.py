from . import account_move
from . import tibillet_ticket_deferral
