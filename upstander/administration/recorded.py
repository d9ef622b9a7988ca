"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("center added", _("Center added")),
    Act("center changed", _("Center changed")),
    Act("district added", _("District added")),
    Act("district changed", _("District changed")),
    Act("school added", _("School added")),
    Act("school changed", _("School changed")),
    Act("police contacts added", _("Police contacts added")),
    Act("tiles changed", _("Tiles changed")),
)
