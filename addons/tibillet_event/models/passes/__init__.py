from . import tibillet_seats
from . import event_event_ticket
from . import event_registration
from . import pass_share
from . import event_mail
