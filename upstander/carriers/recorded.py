"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("way to be reached added", _("Way to be reached added")),
    Act("way to be reached proved", _("Way to be reached proved")),
    Act("way to be reached removed", _("Way to be reached removed")),
    Act("demo's phones given", _("Gave the demo's phones")),
)
