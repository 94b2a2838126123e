from . import tibillet_festival
from . import festival_days
from . import tibillet_festival_member
from . import event_event
from . import event_track
from . import tibillet_budget
