from . import tibillet_waiting
from . import waiting_mail
from . import event_event
from . import event_registration
from . import res_company
from . import tibillet_seats
