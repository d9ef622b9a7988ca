"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("session planned", _("Planned a session with students")),
    Act("session begun", _("Began a session with students")),
    Act("session done", _("Counted a session with students")),
)
