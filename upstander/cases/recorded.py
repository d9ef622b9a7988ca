"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act, Counts

ACTS = (
    Act("case begun", _("Opened a case")),
    Act("case opened", _("Read a case"), counts_as=Counts.OPENING),
    Act("case note added", _("Added a note to a case"), counts_as=Counts.NOTE),
    Act("case: begun", _("Case opened")),
    Act("case: home", _("Case: said whether home is safe")),
    Act("case: person", _("Case: added a person")),
    Act("case: person_changed", _("Case: changed a person")),
    Act("case: file", _("Case: added a file")),
    Act("case: tip", _("Case: added a tip")),
    Act("case: shared", _("Case shared")),
    Act("case: withdrawn", _("Case: sharing ended")),
    Act("case: inner_named", _("Case: named who may see its narrower part")),
    Act("case: kept_out", _("Case: excluded someone")),
    Act("case: led_by", _("Case: changed its lead")),
    Act("case: raised", _("Case raised to life safety")),
    Act("case: action", _("Case: added an action")),
    Act("case: action_ended", _("Case: ended an action")),
    Act("case: threat", _("Case: threat assessment")),
    Act("case: screening", _("Case: suicide risk screening")),
    Act("case: safety_plan", _("Case: safety plan")),
    Act("case: closing", _("Case: proposed to close")),
    Act("case: closed", _("Case closed")),
    Act("case: refused", _("Case: closing declined")),
    Act("case: reopened", _("Case reopened"), counts_as=Counts.AT_WORK),
    Act("case: follow-up", _("Case: follow-up")),
    Act("case: follow-ups end", _("Case: follow-ups ended")),
    Act("case: link", _("Case: added a link")),
    Act("case: sealed to persons", _("Case: access limited to people by name")),
    Act("newcomer let in", _("Gave access to someone who joined the team later"), "eye"),
    Act("center asked to keep somebody out", _("Asked the center to keep someone out"), "lock"),
    Act("matter restricted", _("Kept someone out of this matter"), "lock"),
    Act("tip put back", _("Returned to the queue"), "queue"),
)
