from . import tibillet_ticket_deferral
