"""Seats that a paired device keeps for the time without network."""

from . import pos_config
from . import pos_session
from . import tibillet_allotment
