"""Forms about a team: asking somebody in, joining, changing a membership."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from allauth.account.forms import SetPasswordField
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from upstander.people.actions.invitations import Invitee
from upstander.people.forms.account import plain_password_fields
from upstander.people.models import Person, Team
from upstander.people.roles import Role, roles_in
from upstander.ui.fields import PersonName, Phone
from upstander.ui.forms import DayField


def role_choices(team: Team, *, only: Iterable[Role] | None = None) -> list[tuple[str, str]]:
    """Return the roles in a team as choices, those that lead last."""
    wanted = set(only) if only is not None else set(Role)
    possible = roles_in(team.kind, of_school=team.school_id is not None) & wanted
    return [(role.value, str(role.label)) for role in Role if role in possible]


class InviteForm(forms.Form):
    """Whom to ask into a team."""

    email = forms.EmailField(label=_("Work email"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))
    name = PersonName(
        label=_("Name"), max_length=120, required=False, help_text=_("They can correct it later.")
    )
    phone = Phone(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")
    reachable_at_night = forms.BooleanField(
        label=_("Can be called at night when a life is in danger"), required=False
    )

    def __init__(self, team: Team, *args: Any, only: Iterable[Role] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = role_choices(team, only=only)

    def invitee(self) -> Invitee:
        """Return what was filled in."""
        return Invitee(**{**self.cleaned_data, "role": Role(self.cleaned_data["role"])})


class MemberForm(forms.Form):
    """A membership: role, and whether the person is called at night."""

    role = forms.ChoiceField(label=_("Role"))
    reachable_at_night = forms.BooleanField(
        label=_("Can be called at night when a life is in danger"), required=False
    )

    def __init__(self, team: Team, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = role_choices(team)


class MonitorForm(forms.Form):
    """The day on which an outside monitor's view ends."""

    until = DayField(
        label=_("Access ends on"),
        help_text=_(
            "At the end of that day (UTC), at most a year from now. A past date ends it "
            "immediately."
        ),
    )

    def moment(self) -> datetime:
        """Return the end of the day (UTC)."""
        day: date = self.cleaned_data["until"]
        return datetime.combine(day + timedelta(days=1), time(), UTC)


class WordsForm(forms.Form):
    """The four words that were said by phone, and today's password where a key must be made."""

    words = forms.CharField(
        label=_("The four words you were told"),
        max_length=100,
        help_text=_("By phone or in person. The first four letters of each are enough."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, ask_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_password:
            del self.fields["password"]


class JoinForm(forms.Form):
    """Words, who one is, and a password of one's own."""

    words = forms.CharField(
        label=_("The four words you were told"),
        max_length=100,
        help_text=_("By phone or in person. The first four letters of each are enough."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = PersonName(label=_("Your name"), max_length=120)
    phone = Phone(
        label=_("Phone"),
        max_length=30,
        help_text=_("Where you can be reached when a student is in danger. Stored encrypted."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    password1 = SetPasswordField(label=_("Choose a password"))

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password: Any = self.fields["password1"]
        password.user = Person(email=email)
        plain_password_fields(self)
