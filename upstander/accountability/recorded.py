"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("case figures filled in", _("Case figures filled in")),
    Act("division added", _("Division added")),
    Act("division ended", _("Division ended")),
)
