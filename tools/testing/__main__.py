"""`python3 -m tools.testing [path…]`: the same as `make test`."""

import sys

from . import main

sys.exit(main(sys.argv[1:]))
