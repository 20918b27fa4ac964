"""``python -m client_triage`` is the command ``client-triage``."""

import sys

from client_triage.cli import main

sys.exit(main())
