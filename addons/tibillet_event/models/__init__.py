from . import seats
from . import rates
from . import event_event
from . import tibillet_budget
from . import programme
from . import passes
from . import refunds
from . import holders
