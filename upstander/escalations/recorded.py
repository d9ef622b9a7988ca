"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act, Counts

#: One of each answer (``Acknowledgement.Answer``): the worker writes them for who gave it.
ANSWERS = (
    Act("alert answered: I have it", _("Said “I have it”"), "hand"),
    Act("alert answered: seen", _("Said “seen”"), "eye"),
    Act("alert answered: cannot", _("Said “I can't”"), "close"),
)
ACTS = (
    *ANSWERS,
    Act("asked again by hand", _("Had them asked again right away"), "bell"),
    Act("skipped ahead", _("Had the next people asked right away"), "forward"),
    Act("person added", _("Had one more person asked"), "plus"),
    Act("task opened", _("Opened a task for the center"), "phone", counts_as=Counts.AT_WORK),
    Act("task taken", _("Took the task"), "hand"),
    Act("task due sooner", _("Task due sooner")),
    Act("task done", _("Finished the task"), "check"),
    Act("task not finished in time", _("The task was not finished in time"), "clock"),
    Act("decided about 911", _("Decided about 911"), "phone"),
    Act("fallback phone named", _("Fallback phone named")),
    Act("policy changed", _("Policy changed")),
    Act("policy taken back", _("Policy taken back")),
    Act("outside contact added", _("Outside contact added")),
    Act("outside contact removed", _("Outside contact removed")),
)
