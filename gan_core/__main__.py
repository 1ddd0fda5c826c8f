"""`python -m gan_core`: the command line."""

import sys

from gan_core import runtime
from gan_core.cli import main

runtime.in_terminal()
sys.exit(main())
