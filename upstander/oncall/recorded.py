"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("own on-call rules saved", _("Own on-call rules saved")),
    Act("calendar link made", _("Calendar link made")),
    Act("calendar link ended", _("Calendar link ended")),
    Act("break begun", _("Took a break")),
    Act("break ended", _("Ended the break")),
    Act("on-call rule saved", _("On-call rule saved")),
    Act("on-call rule removed", _("On-call rule removed")),
    Act("on-call rule moved", _("On-call rule moved")),
    Act("on-call time zone set", _("On-call time zone set")),
    Act("on-call override made", _("On-call override made")),
    Act("on-call override removed", _("On-call override removed")),
    Act("on-call calendar imported", _("On-call calendar imported")),
    Act("holidays chosen", _("Holidays chosen")),
    Act("days off added", _("Days off added")),
    Act("day off removed", _("Day off removed")),
    Act("quiet hours set", _("Quiet hours set")),
    Act("floor for life safety set", _("Set when life safety calls anyway")),
    Act("swap asked for", _("Swap asked for")),
    Act("swap accepted", _("Swap accepted")),
    Act("swap refused", _("Swap refused")),
    Act("swap withdrawn", _("Swap withdrawn")),
)
