"""`python -m demo`: see `demo.cli`. This file runs on any Python 3, to say that one is too old."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs an older one is told so
    found = ".".join(map(str, sys.version_info[:3]))
    sys.exit(f"demo: Python {found} is too old: Vigie needs 3.11 or newer.")

from demo.cli import main

sys.exit(main())
