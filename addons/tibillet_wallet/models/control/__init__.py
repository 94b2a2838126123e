from . import tibillet_books
from . import tibillet_control
from . import tibillet_control_line
from . import tibillet_control_reason
