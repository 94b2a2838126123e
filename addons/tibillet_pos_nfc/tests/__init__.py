from . import test_device
from . import test_install
from . import test_tap
from . import test_payment
from . import test_closing
from . import test_hoot
from . import test_tours
from . import test_books
