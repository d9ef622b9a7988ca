"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("form uploaded", _("Form uploaded")),
    Act("form mapped", _("Form mapped")),
    Act("form withdrawn", _("Form withdrawn")),
)
