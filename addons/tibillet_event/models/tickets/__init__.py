from . import tibillet_ticket
from . import event_event
from . import event_registration
from . import tibillet_ticket_issue
