"""The names of the months, so that the catalogs can say them in their own way.

Django's Arabic has the Egyptian names alone. Syrians and Iraqis say others, so both stand there;
what is found in our catalogs goes before Django's own wherever a date is written.
"""

from django.utils.translation import gettext_lazy as _

MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
