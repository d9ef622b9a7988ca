"""The gallery: every component in every state, on pages like those they are made for.

Only tests serve it. Nothing on it is real.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from upstander.ui import errors
from upstander.ui.forms import RadioTiles
from upstander.ui.icons import LINES

TEMPLATES = Path(__file__).parent / "gallery"

TILES = [
    ("attack", "Attack or weapon"),
    ("threat", "Threat, plan, bomb or scary behavior"),
    ("suicide", "Wanting to die or hurting yourself"),
    ("sad", "Sad, scared, alone or not eating"),
    ("home", "Not safe at home"),
    ("adult", "An adult at school crosses the line"),
]


class Report(forms.Form):
    """The reporter's form, shortened."""

    who = forms.ChoiceField(
        label="Who needs help?",
        required=False,
        widget=forms.RadioSelect,
        choices=[("me", "Me"), ("someone", "Someone else"), ("unsure", "Not sure")],
    )
    tile = forms.ChoiceField(
        label="What is it about? Pick what is closest.",
        required=False,
        widget=RadioTiles(hints={"attack": "Call 911 first"}),
        choices=TILES,
    )
    school = forms.ChoiceField(
        label="Which school or town?",
        required=False,
        choices=[("", "I don’t know"), ("1", "Alder Valley High")],
    )
    text = forms.CharField(
        label="What happened?",
        help_text="Use your own words. A few lines are enough.",
        widget=forms.Textarea,
    )
    photo = forms.FileField(label="Add a photo or screenshot", required=False)


class Everything(Report):
    """Each kind of field the desk has."""

    name = forms.CharField(label="Name", max_length=80)
    when = forms.DateTimeField(label="Next check", required=False, help_text="Eastern time.")
    agreed = forms.BooleanField(label="A second person agrees")
    channels = forms.MultipleChoiceField(
        label="Tell them by",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("email", "Email"), ("sms", "Text message")],
    )

    def clean(self) -> dict[str, object]:
        """Refuse always, to show how an error of the whole form looks."""
        raise forms.ValidationError("Somebody else changed this in the meantime.")


class Write(forms.Form):
    """One text."""

    text = forms.CharField(label="Your message", widget=forms.Textarea(attrs={"rows": 3}))


class Note(forms.Form):
    """One internal note."""

    text = forms.CharField(
        label="Internal note: the reporter never sees this",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SignIn(forms.Form):
    """Address and password."""

    email = forms.EmailField(
        label="Email", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


def context(now: datetime) -> dict[str, object]:
    """Give all that the gallery's pages show, as seen at an aware `now`."""
    return {
        "demo": True,
        "nav": [
            ("Work", [("Queue", "/queue", True, "queue"), ("My tips", "/mine", False, "inbox")]),
            ("People", [("People", "/people", False, "people")]),
            ("Prove", [("Figures", "/figures", False, "chart")]),
        ],
        "viewer_name": "Ana Ruiz",
        "viewer_role": "Counselor",
        "viewer_place": "Night desk",
        "form": Report(),
        "reply": Write(prefix="reply"),
        "note": Note(prefix="note"),
        "handoff": Write(prefix="handoff"),
        "sign_in": SignIn({"email": "nobody"}),
        "minutes_ago": now - timedelta(minutes=4),
        "an_hour_ago": now - timedelta(minutes=72),
        "yesterday": now - timedelta(hours=26),
        "long_ago": now - timedelta(days=40),
        "soon": now + timedelta(minutes=4, seconds=30),
        "late": now - timedelta(minutes=2),
        "page": Paginator(range(200), 10).page(7),
        "pairs": [
            ("Source", "Saw it"),
            ("Could be impersonation", "Unknown"),
            ("Place now", ""),
            ("Means and reach", "A kitchen knife, carried in the jacket"),
        ],
        "entries": [
            {"at": now - timedelta(minutes=72), "text": "Came in by the web", "icon": "inbox"},
            {
                "at": now - timedelta(minutes=70),
                "text": "Claimed",
                "who": "Ana Ruiz",
                "icon": "hand",
            },
            {
                "at": now - timedelta(minutes=4),
                "text": "Priority raised to life safety",
                "detail": "could hurt many people",
                "icon": "warning",
            },
        ],
        "columns": ["Name", "Role", "Reached at night"],
        "rows": [["Jo Park", "Team lead", "yes"], ["Sam Okafor", "Team member", "no"]],
        "none": [],
        "icons": list(LINES),
    }


def _page(name: str) -> Callable[[HttpRequest], HttpResponse]:
    def show(request: HttpRequest) -> HttpResponse:
        shown = context(timezone.now())
        if name == "parts" or "wrong" in request.GET:
            shown["form"] = (Everything if name == "parts" else Report)(
                {"who": "me", "tile": "sad"}
            )
        return render(request, f"{name}.html", shown)

    return show


def _error(request: HttpRequest, site: str, status: int) -> HttpResponse:
    return (errors.public_page if site == "public" else errors.desk_page)(request, status)


PAGES = ("form", "talk", "safety", "queue", "tip", "parts", "sign_in")

urlpatterns = [
    *(path(f"gallery/{name}", _page(name)) for name in PAGES),
    path("gallery/error/<site>/<int:status>", _error),
]
