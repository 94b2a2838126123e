"""The tills of a festival, and who stands at them."""

from . import event_event_ticket
from . import pos_config
from . import tibillet_festival
from . import tibillet_festival_member
