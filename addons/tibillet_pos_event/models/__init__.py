from . import pos_session
from . import event_registration
from . import pos_order
