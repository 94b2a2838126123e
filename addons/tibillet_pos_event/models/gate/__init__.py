from . import event_registration
from . import tibillet_gate_guests
