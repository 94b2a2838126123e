from . import seats
from . import event_event
from . import tibillet_budget
