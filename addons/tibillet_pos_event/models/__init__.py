from . import event_event_ticket
from . import event_registration
from . import event_registration_answer
from . import pos_config
from . import pos_order
from . import pos_session
from . import tickets
