from . import res_company
from . import event_event
from . import event_registration
from . import sale_order
from . import tibillet_ticket_print
