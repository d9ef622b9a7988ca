"""What runs late, in words: what that means for whoever reads it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

#: By the name of what waits; what another app brings stands as it is named.
LATE: Final = {
    "steps": gettext_lazy(
        "the next person is not being asked about tips that nobody has taken, so call them yourself"
    ),
    "asking": gettext_lazy(
        "no one is being asked about a tip that no one has taken, so look through the queue and "
        "call someone yourself"
    ),
    "pages": gettext_lazy("messages to whoever is on call, so call them yourself"),
    "answers": gettext_lazy(
        "answers by text or phone: someone may have a tip that still shows as nobody’s"
    ),
    "drills": gettext_lazy("the calls of a drill"),
    "texts": gettext_lazy("texts to reporters’ phones"),
    "pictures": gettext_lazy("photos that reporters sent by text"),
}
