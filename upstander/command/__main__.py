"""`python -m upstander.command` is the `upstander` command."""

import sys

from upstander.command.main import main

sys.exit(main())
