"""`python -m milieu` is the same as `milieu`."""

import sys

from milieu.cli import main

sys.exit(main())
