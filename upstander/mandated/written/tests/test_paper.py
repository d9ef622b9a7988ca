"""A duty's proof: what an outsider checks with it, and what it does not say."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from django.http import Http404

from conftest import Cast
from upstander.audit.actions import record
from upstander.audit.models import Entry
from upstander.audit.sealing import seal
from upstander.audit.signing import public_key, signer
from upstander.mandated.actions import duties
from upstander.mandated.models import Duty
from upstander.mandated.proving import MOST, proofs_of
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.mandated.written import actions
from upstander.mandated.written.models import Report
from upstander.mandated.written.paper import proof_pdf, steps_of
from upstander.mandated.written.tests.test_written import attached, filled, reported
from upstander.people.scope import viewing


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


@pytest.mark.django_db
def test_before_the_first_night_it_says_so_and_has_the_times(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    text = text_of(proof_pdf(cast.viewer("tess"), duty_id))
    assert "Not proved yet" in text
    assert "As typed" in text
    assert "The server’s time" in text or "The server's time" in text


@pytest.mark.slow
def test_an_outsider_checks_it_with_python_alone(committed_cast: Cast, tmp_path: Path) -> None:
    offices(committed_cast)
    tess = committed_cast.viewer("tess")
    duty_id = reported(
        committed_cast,
        accused=(committed_cast.people["hana"].pk,),
        words={"child": "Ana Vega", "first_words": "I don't want to go home."},
    )
    actions.sign_report(filled(committed_cast, duty_id, nature="Marks."), "Tess")
    duties.send_written(tess, duty_id, at=right_now(), words={"how": "fax"})
    assert seal(signer(), tmp_path / "kept", datetime.now(UTC)) > 0

    for name in ("tess", "cleo", "sol"):
        pdf = proof_pdf(committed_cast.viewer(name), duty_id)
        files = attached(pdf)
        assert sorted(f for f in files if not f.endswith(".tlog-proof")) == ["verifier.py"]
        proofs = [f for f in files if f.endswith(".tlog-proof")]
        assert len(proofs) == 5, "noted, first, signed, written, copy"
        for file, content in files.items():
            (tmp_path / file).write_bytes(content)
        key = tmp_path / "record.key"
        key.write_text(f"{public_key()}\n")
        for file in proofs:
            done = subprocess.run(
                [sys.executable, "-I", "verifier.py", "proof", file, "--key", "record.key"],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
        # A proof that was changed by one letter is found out.
        forged = (tmp_path / proofs[0]).read_text().replace("\nindex ", "\nindex 1", 1)
        (tmp_path / "forged.tlog-proof").write_text(forged)
        done = subprocess.run(
            [
                sys.executable,
                "-I",
                "verifier.py",
                "proof",
                "forged.tlog-proof",
                "--key",
                "record.key",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0

        text = text_of(pdf)
        assert Report.objects.get().digest in text.replace("\r\n", "").replace("\n", "")
        assert str(public_key()) in text.replace("\r\n", "").replace("\n", "")
        for secret in ("Ana", "Vega", "home", "Marks", "Tess", "Hana"):
            assert secret not in text, secret
        for content in files.values():
            assert b"Ana Vega" not in content
    # The accused, and whoever depends on them, get none.
    for name in ("hana", "dino"):
        with pytest.raises(Http404):
            proof_pdf(committed_cast.viewer(name), duty_id)


@pytest.mark.django_db
def test_the_record_has_the_typed_time_beside_its_own(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    entry = Entry.objects.get(action="duty: first", subject_id=str(duty_id))
    said = json.loads(entry.canonical)
    assert datetime.fromisoformat(said["detail"]["typed"]) <= entry.at


@pytest.mark.django_db
def test_however_often_it_is_opened_its_steps_are_proved(cast: Cast) -> None:
    offices(cast)
    tess, duty_id = cast.viewer("tess"), suspect(cast)
    with viewing(tess):
        duty = Duty.objects.get(pk=duty_id)
        for _ in range(MOST):
            record(
                "duty opened",
                actor=tess,
                subject_kind="duty",
                subject_id=duty_id,
                district_id=duty.district_id,
                matter_id=duty.matter_id,
            )
    duties.report_first(
        tess, duty_id, way="careline", at=right_now(), words={"worker": "M.", "reference": "R-7"}
    )
    with viewing(tess):
        assert [step.entry.action for step in steps_of(tess, duty)] == [
            "suspicion noted",
            "duty: first",
        ]
        assert "Opened a mandated report" not in {one.title for one in proofs_of(tess, duty)}
