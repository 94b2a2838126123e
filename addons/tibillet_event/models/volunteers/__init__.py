from . import tibillet_shift
from . import tibillet_shift_volunteer
from . import shift_sign_up
from . import event_event
from . import tibillet_festival
from . import tibillet_seats
