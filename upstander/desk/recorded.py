"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("record exported", _("Record exported")),
    Act("sealed record exported", _("Sealed record exported")),
)
