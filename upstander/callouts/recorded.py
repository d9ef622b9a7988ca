"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("callout asked", _("Asked for mobile crisis")),
    Act("callout opened", _("Opened a callout"), at_will=True),
    Act("callout towns read", _("Read in which towns callouts wait")),
    Act("callout desk kept", _("Said who keeps the desk of mobile crisis")),
    Act("callout roads said", _("Set today’s travel times")),
    Act("callout changed", _("Changed a callout")),
    Act("callout stepped", _("Took a step of a callout")),
    Act("callout link made", _("Made the family's link")),
    Act("callout sites changed", _("Changed which teams go out")),
)
