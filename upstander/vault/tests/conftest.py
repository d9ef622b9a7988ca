"""Property tests judge what comes out, not how busy the machine is: no deadline an example."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
