"""A State's law: one folder, read file by file and kept; which States there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext
from msgspec import Struct, structs

from upstander.rulefiles import LawFile, RuleFileWrong, placed, read_rules
from upstander.states.consent import ConsentRules
from upstander.states.days import OfficeDays
from upstander.states.duties import RegisterPart, RuleSet
from upstander.states.forms import AgencyForm
from upstander.states.legal import LegalAid
from upstander.states.retention import Schedule
from upstander.states.training import TrainingRules


@dataclass(frozen=True, slots=True)
class Law:
    """What one State's law asks. Each part raises RuleFileWrong: its file is gone, or wrong."""

    #: As districts, duties and confirmations name it: its folder, with hyphens.
    key: str
    folder: Path

    @property
    def duties(self) -> RuleSet:
        """Who must report what, to whom, by when; with the register of allegations about staff."""
        return _duties(self.key, self.folder)

    @property
    def retention(self) -> Schedule:
        """How long what is over is kept."""
        found: Schedule = _read(self.folder / "retention.toml", self.key, Schedule)
        return found

    @property
    def office(self) -> OfficeDays:
        """On which days its offices work."""
        found: OfficeDays = _read(self.folder / "days.toml", self.key, OfficeDays)
        return found

    @property
    def consent(self) -> ConsentRules | None:
        """Whose word is enough to refer somebody; None: no minor's own, in this State."""
        file = self.folder / "consent.toml"
        return _read(file, self.key, ConsentRules) if file.exists() else None

    @property
    def legal(self) -> LegalAid | None:
        """Whom legal aid takes; None: this State has no file of it."""
        file = self.folder / "legal.toml"
        return _read(file, self.key, LegalAid) if file.exists() else None

    @property
    def training(self) -> TrainingRules | None:
        """Which training employees owe; None: this State has no file of it."""
        file = self.folder / "training.toml"
        return _read(file, self.key, TrainingRules) if file.exists() else None

    @property
    def forms(self) -> tuple[AgencyForm, ...]:
        """The forms of its agencies, by key."""
        files = sorted((self.folder / "forms").glob("*.toml"))
        return tuple(_read(file, file.stem, AgencyForm) for file in files)

    @property
    def services(self) -> Path:
        """The file of its helping services (directory/data.py)."""
        return self.folder / "services.json"

    def files(self) -> Iterator[LawFile]:
        """Give what an administrator compares with the law in force."""
        name, key = self.duties.name, self.key
        yield LawFile(key, name, self.duties)
        kept = gettext("%(state)s: how long what is kept") % {"state": name}
        yield LawFile(self.retention.file, kept, self.retention)
        days = gettext("%(state)s: days on which offices work") % {"state": name}
        yield LawFile(self.office.file, days, self.office)
        if self.consent is not None:
            word = gettext("%(state)s: whose word is enough to refer somebody") % {"state": name}
            yield LawFile(self.consent.file, word, self.consent)
        if self.legal is not None:
            aid = gettext("%(state)s: whom legal aid takes") % {"state": name}
            yield LawFile(self.legal.file, aid, self.legal)
        if self.training is not None:
            owed = gettext("%(state)s: which training employees owe") % {"state": name}
            yield LawFile(self.training.file, owed, self.training)
        for form in self.forms:
            yield LawFile(form.file, form.title, form)


def laws() -> tuple[Law, ...]:
    """Return the law of every State that there is a folder for, by key."""
    return _laws(tuple(settings.STATES_FOLDERS))


def law(key: str) -> Law:
    """Return a State's law; what was typed never becomes a file's name. Raises KeyError."""
    return {one.key: one for one in laws()}[key]


def agency_form(key: str) -> AgencyForm | None:
    """Return a form by its key; None where there is no file, and only the agency's own will do."""
    return next((form for one in laws() for form in one.forms if form.key == key), None)


def the_only_state() -> str:
    """Return the State of a district for which none was said; "" where there are several."""
    found = laws()
    return found[0].key if len(found) == 1 else ""


def law_files() -> list[LawFile]:
    """Return every State's files. Raises RuleFileWrong, also where two States share a form's key:
    what is confirmed or uploaded of one would count for the other.
    """
    found = [file for one in laws() for file in one.files()]
    for file in found:
        if sum(file.key == other.key for other in found) > 1:
            raise RuleFileWrong(file.name, "", f"two States have a file {file.key!r}")
    return found


@cache
def _laws(folders: tuple[Path, ...]) -> tuple[Law, ...]:
    found = sorted(file.parent for folder in folders for file in folder.glob("*/duties.toml"))
    return tuple(Law(folder.name.replace("_", "-"), folder) for folder in found)


@cache
def _read[T: Struct](file: Path, key: str, expected: type[T]) -> T:
    found = read_rules(file, expected)
    placed(found, key=key)
    return found


@cache
def _duties(key: str, folder: Path) -> RuleSet:
    rules: RuleSet = _read(folder / "duties.toml", key, RuleSet)
    return structs.replace(rules, register=read_rules(folder / "register.toml", RegisterPart))
