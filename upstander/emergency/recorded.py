"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act, Counts

ACTS = (
    Act("dispatch sheet written", _("Wrote the dispatch sheet"), "edit"),
    Act("dispatch sheet taken out", _("Printed or saved the dispatch sheet"), "print"),
    Act("second person asked: police", _("Asked a second person about sending police"), "scale"),
    Act("police: agreed", _("Agreed, as the second person, to send police"), "scale"),
    Act("police: not agreed", _("Did not agree to send police"), "scale"),
    Act("called for help", _("Called for help"), "phone"),
    Act("call not made", _("Wrote down that a recorded call was never made"), "refresh"),
    Act("handed to police", _("Handed a brief to police contacts"), "hand-off"),
    Act("update for police", _("Sent an update to police contacts"), "send"),
    Act("brief opened by police", _("Police opened their brief"), "eye"),
    Act("police: acknowledged", _("Police acknowledged their brief"), "hand"),
    Act("police: outcome", _("Police recorded what they found"), "check"),
    Act("roster imported", _("Roster imported")),
    Act("roster searched", _("Searched the roster for a student"), "search"),
    Act(
        "home address opened",
        _("Opened a student's home address"),
        "home",
        counts_as=Counts.OPENING,
    ),
)
