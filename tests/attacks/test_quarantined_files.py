"""A file that was shut away, attacked with everything that a school holds.

Tom of Cedar's team got the tip with the reporter's own words, so he has the dialog's seed, which
every file of the tip was encrypted under. He keeps it, and a copy of all that is stored later.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.http import Http404

from conftest import Cast
from tests.attacks.test_stolen_database import dump
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.cleaning.tests import samples
from upstander.config.database import Role as LoginRole
from upstander.people.scope import viewing
from upstander.tips import reporter, storage
from upstander.tips.actions import quarantine
from upstander.tips.actions.quarantine import PURPOSE, quarantine_attachment
from upstander.tips.actions.writing import file_to_open
from upstander.tips.envelopes import open_data
from upstander.tips.files import store_upload
from upstander.tips.models import Attachment
from upstander.tips.opening import NotGranted, OpenTip, open_tip, read_contents
from upstander.tips.storage import FileMissing, NotStored, open_file
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip
from upstander.vault.errors import FileBroken, VaultError
from upstander.vault.seeds import Audience

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]
TOLD_NAME = "zimtstern-bathroom-photo.jpg"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of this test lie in a folder of its own."""
    monkeypatch.setattr(storage, "default_storage", storage.DurableFolder(location=tmp_path / "f"))
    return tmp_path / "f"


class Story:
    """A tip with a picture, claimed by Alice."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        filed = reporter.file_tip(
            reporter.NewTip(
                token=reporter.new_form_token(),
                text="They pass this around.",
                language="en",
                tile="bullying",
                school_id=cast.cedar.pk,
            )
        )
        self.tip, self.session = filed.tip_id, filed.session_token
        self.picture = store_upload(self.session, TOLD_NAME, [samples.jpeg()]).id
        claim_tip(cast.viewer("alice"), self.tip)

    def opened(self, name: str = "alice") -> OpenTip:
        return open_tip(self.cast.viewer(name), self.tip)

    def hand_off(self) -> OpenTip:
        """Hand the tip to Cedar with the reporter's own words; return what Tom then holds."""
        hand_off(
            self.opened(),
            [self.cast.teams["cedar"].pk],
            "A brief.",
            with_words=True,
            words_reason="To know whom.",
        )
        return self.opened("tom")

    def row(self) -> Attachment:
        return Attachment.objects.get(pk=self.picture)

    def held(self) -> dict[str, Any]:
        held: dict[str, Any] = open_data(
            self.opened().seed(Audience.CENTER),
            purpose=PURPOSE,
            tip=self.tip,
            row=self.picture,
            sealed=bytes(self.row().held or b""),
        )
        return held


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("when", ["before the hand-off", "after it"])
@pytest.mark.django_db
def test_nothing_that_the_school_holds_opens_a_file_that_was_shut_away(
    cast: Cast, folder: Path, when: str
) -> None:
    story = Story(cast)
    if when == "after it":
        tom = story.hand_off()
        dialog = tom.seed(Audience.DIALOG)
        clear = b"".join(open_file(dialog, story.picture))
        assert clear.startswith(b"\xff\xd8"), "with these keys he could open it until now"
    else:
        dialog = story.opened().seed(Audience.DIALOG)
        clear = b"".join(open_file(dialog, story.picture))
    before = names_in(folder)
    assert len(before) == 2, "the picture and its small one"

    quarantine_attachment(story.opened(), story.picture)

    tom = story.hand_off() if when != "after it" else story.opened("tom")
    assert tom.seed(Audience.DIALOG) == dialog
    assert not names_in(folder) & before, "neither the picture nor its small one lies there still"
    with pytest.raises(FileMissing):
        open_file(dialog, story.picture)
    with pytest.raises(Http404):
        file_to_open(tom, story.picture)
    # Whatever lies in the folder, under each name that he could think of, with each of his seeds.
    (kept,) = names_in(folder)
    seeds = [*tom.seeds.values(), *tom.seeds_by_handoff.values(), *tom.secrets.values()]
    for seed in seeds:
        with pytest.raises(FileBroken):
            list(open_file(seed, UUID(kept)))
        (folder / str(story.picture)).write_bytes((folder / kept).read_bytes())
        with pytest.raises(FileBroken):
            list(open_file(seed, story.picture))
        (folder / str(story.picture)).unlink()
        with pytest.raises(VaultError):
            open_data(
                seed,
                purpose=PURPOSE,
                tip=story.tip,
                row=story.picture,
                sealed=bytes(story.row().held or b""),
            )
    # His list shows that there was a file, and not what it was called.
    (listed,) = read_contents(tom).files
    assert listed.state == Attachment.State.QUARANTINED
    assert "zimtstern" not in str(listed.about)
    # The center's seed leads to the bytes, whole, for police who ask.
    held = story.held()
    assert b"".join(open_file(bytes.fromhex(held["key"]), UUID(held["file"]))) == clear
    assert held["about"]["name"] == TOLD_NAME


@pytest.mark.django_db
def test_no_page_opens_it_for_anybody(cast: Cast) -> None:
    story = Story(cast)
    story.hand_off()
    answer = cast.client("alice").post(
        f"/tips/{story.tip}/files/{story.picture}/quarantine", follow=True
    )
    page = answer.content.decode()
    for words in ("You must report it now", "police", "CyberTipline", "1-800-842-2288"):
        assert words in page
    for name in ("alice", "sam", "tom"):
        answer = cast.client(name).get(f"/tips/{story.tip}/files/{story.picture}")
        assert answer.status_code == 404, name
    assert [file.size > 0 for file in reporter.dialog_for(story.session).files] == [True]
    assert Entry.objects.filter(action="file quarantined").count() == 1


def test_a_school_can_neither_shut_a_file_away_nor_open_it_again(
    committed_cast: Cast, real_database: SignIn
) -> None:
    story = Story(committed_cast)
    tom = story.hand_off()
    with pytest.raises(NotGranted):
        quarantine_attachment(tom, story.picture)
    assert story.row().state == Attachment.State.READY
    quarantine_attachment(story.opened(), story.picture)
    staff, token = real_database(LoginRole.STAFF), committed_cast.viewer("tom").scope
    staff.execute("SET ROLE upstander_school")
    staff.execute("SELECT set_config('upstander.token', %s, false)", [token])
    for column in ("state", "sealed", "held"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            staff.execute(f"UPDATE tips_attachment SET {column} = {column}".encode())
    # Not even the center, nor the owner by accident, makes it ready again.
    owner = real_database(LoginRole.OWNER)
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("UPDATE tips_attachment SET state = 'ready'")
    text = dump()
    assert story.held()["key"].encode() not in text


@pytest.mark.slow
@pytest.mark.django_db
def test_an_interrupted_attempt_is_finished_by_the_next(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after each step in turn, it is shut to everybody, and no byte of it is lost."""
    for step in ("_encrypted_anew", "_keep", "_remove_old", "_finish"):
        for path in folder.glob("*"):
            path.unlink()
        story = Story(cast)
        clear = b"".join(open_file(story.opened().seed(Audience.DIALOG), story.picture))
        with monkeypatch.context() as broken:
            broken.setattr(quarantine, step, _killed)
            with pytest.raises(SystemExit):
                quarantine_attachment(story.opened(), story.picture)
        assert story.row().state == Attachment.State.SHUTTING, step
        with pytest.raises(Http404):
            file_to_open(story.opened(), story.picture)
        page = cast.client("alice").get(f"/tips/{story.tip}").content.decode()
        assert "Finish" in page

        quarantine_attachment(story.opened(), story.picture)
        assert story.row().state == Attachment.State.QUARANTINED, step
        held = story.held()
        assert b"".join(open_file(bytes.fromhex(held["key"]), UUID(held["file"]))) == clear, step
        assert not (folder / str(story.picture)).exists(), step
        quarantine_attachment(story.opened(), story.picture)  # and once more changes nothing
        assert story.held() == held


def _killed(*_: object, **__: object) -> None:
    raise SystemExit


@pytest.mark.django_db
def test_two_who_shut_it_at_once_leave_one_file(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(cast)
    real, other = quarantine._keep, story.opened("bea")
    pressed: list[bool] = []

    def keep_late(*args: Any, **more: Any) -> None:
        if not pressed:
            pressed.append(True)
            quarantine_attachment(other, story.picture)
        real(*args, **more)

    monkeypatch.setattr(quarantine, "_keep", keep_late)
    quarantine_attachment(story.opened(), story.picture)
    held = story.held()
    assert names_in(folder) == {held["file"]}
    assert list(open_file(bytes.fromhex(held["key"]), UUID(held["file"])))


@pytest.mark.django_db
def test_without_room_it_is_shut_and_the_person_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(cast)

    def full(*_: object) -> None:
        raise NotStored

    with monkeypatch.context() as broken:
        broken.setattr(quarantine, "put_file", full)
        with pytest.raises(Refused, match="no space"):
            quarantine_attachment(story.opened(), story.picture)
    with pytest.raises(Http404):
        file_to_open(story.opened(), story.picture)
    quarantine_attachment(story.opened(), story.picture)
    assert story.row().state == Attachment.State.QUARANTINED


@pytest.mark.django_db
def test_a_file_that_is_gone_already_is_shut_all_the_same(cast: Cast, folder: Path) -> None:
    story = Story(cast)
    (folder / str(story.picture)).unlink()
    quarantine_attachment(story.opened(), story.picture)
    assert story.row().state == Attachment.State.QUARANTINED
    assert story.held()["file"] is None
    assert names_in(folder) == set(), "its small picture goes too"


@pytest.mark.django_db
def test_a_stranger_gets_404(cast: Cast) -> None:
    story = Story(cast)
    with viewing(cast.viewer("cora")):
        assert not Attachment.objects.exists()
    address = f"/tips/{story.tip}/files/{story.picture}/quarantine"
    assert cast.client("cora").post(address).status_code == 404
    assert cast.client("charlie").post(address).status_code == 403
    assert story.row().state == Attachment.State.READY
