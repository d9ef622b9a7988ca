"""Who qualified, and who second, has read a course in one of its languages."""

from django.db import models

from upstander.people.approved_texts import Approval
from upstander.vault.fields import SealedTextField


class CourseReview(Approval):
    """That two people have read a course's text as it stood then; or that this no longer holds.

    Rows are only added to: the last one of a course and language counts, while both its files
    haven't changed since.
    """

    id = models.BigAutoField(primary_key=True)
    course = models.CharField(max_length=40)
    #: ISO 639-1.
    language = models.CharField(max_length=8)
    #: Name and profession of whoever read it first, and of the second reader.
    qualified = SealedTextField[str, str](max_length=200)
    second = SealedTextField[str, str](max_length=200)

    class Meta:
        app_label = "training"

    def __str__(self) -> str:
        return f"review of {self.course}"
