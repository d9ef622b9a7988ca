"""The measured system's supervisor, under a name of its own: nobody who ends a demo ends this."""

import sys

from upstander.command.main import main

sys.argv[1:] = ["demo"]
sys.exit(main())
