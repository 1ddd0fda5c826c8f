"""`python -m gan_core`: the command line."""

import sys

from gan_core.cli import main
from gan_core.startup import runtime

runtime.in_terminal()
sys.exit(main())
