"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("employees read in", _("Read a list of employees in")),
    Act("training completed", _("Noted a completed course")),
    Act("training link sent", _("Sent a link to a course")),
    Act("training certified", _("Certified a school’s training")),
    Act("district's training certified", _("Certified a district’s training")),
    Act("training certification outdated", _("Noted what outdates a certification")),
    Act("course reviewed", _("Noted who has read a course")),
    Act("course's review taken back", _("Took back who has read a course")),
)
