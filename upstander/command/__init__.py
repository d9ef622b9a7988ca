"""The `upstander` command: running, setting up, checking, saving and restoring a system."""
