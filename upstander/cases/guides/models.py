"""Who qualified has read a guide's texts, as an administrator confirms it. The rest is a case's."""

from django.db import models

from upstander.people.approved_texts import Approval
from upstander.vault.fields import SealedTextField


class TextReview(Approval):
    """That somebody qualified has read a text as it stood then; or that this no longer holds.

    Rows are only added to: the last one of a text counts, while the text hasn't changed since.
    """

    id = models.BigAutoField(primary_key=True)
    text = models.CharField(max_length=60)
    #: Name and profession of whoever read it.
    clinician = SealedTextField[str, str](max_length=200)

    def __str__(self) -> str:
        return f"review of {self.text}"
