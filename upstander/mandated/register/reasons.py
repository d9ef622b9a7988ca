"""Why the register is opened: a code for the record, and words that are sealed with the entry."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reason(TextChoices):
    NEW = "new", _("Reviewing a new allegation")
    SECOND = "second", _("There is more than one about this person")
    OUTCOME = "outcome", _("Recording a response or an outcome")
    HIRING = "hiring", _("An employer asks about this person")
    AGENCY = "agency", _("The agency, the police or a court asks")
    REVIEW = "review", _("A review of how allegations were handled")
    DISPOSAL = "disposal", _("Its retention period has ended")
