"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("drill begun", _("Drill begun")),
    Act("drill rhythm set", _("Drill rhythm set")),
    Act("self-test prepared", _("Self-test prepared")),
)
