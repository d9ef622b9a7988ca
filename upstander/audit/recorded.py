"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("rows accepted", _("Accepted rows as they stood")),
    Act("rows sealed anew", _("Sealed rows again")),
)
