"""A written report as a PDF: our own layout, or the agency's own form with its fields filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_lazy

from upstander.mandated.written.acro import filled
from upstander.mandated.written.layout import day_of, set_pdf
from upstander.states import AgencyForm
from upstander.ui.moments import second_words

#: Names under which a signature is mapped to a field of the agency's form.
SIGNATURE = (
    ("signature", gettext_lazy("Signature (typed name, and that it was signed here)")),
    ("signed_on", gettext_lazy("Date of the signature")),
)


def report_pdf(
    form: AgencyForm,
    values: Mapping[str, str],
    *,
    now: datetime,
    zone: str,
    signed: str = "",
    typed: str = "",
    account: str = "",
    digest: str = "",
    at: datetime | None = None,
) -> bytes:
    """Return a report in our own layout; ``signed`` is the signed text, which is attached to it.

    Without it the page says that this is a draft. Raises typst.TypstError.
    """
    signed_at, local = at or now, ZoneInfo(zone)
    data = {
        "title": form.title,
        "subtitle": gettext("To: %(agency)s. In Upstander's own layout (%(revision)s).")
        % {"agency": form.sent_to, "revision": form.revision},
        "footer": form.title,
        "day": day_of(signed_at.astimezone(local)),
        "signed": bool(signed),
        "unsigned": gettext("Draft. Not signed, and not to be sent."),
        "unprinted_words": gettext(
            "Signs that this print does not have are shown as [?]; the attached text has them."
        ),
        "column": gettext("Asked"),
        "value": gettext("Answer"),
        "unknown": gettext("not known"),
        "sections": [
            {
                "title": section.title,
                "rows": [
                    [field.label, field.words(values.get(field.key, "")).strip()]
                    for field in section.fields
                ],
            }
            for section in form.sections
        ],
        "signature_title": gettext("Signature"),
        "signature": [
            gettext("Signed by typing their name: %(name)s") % {"name": typed},
            gettext("Signed in as: %(account)s") % {"account": account},
            gettext("At: %(moment)s (the server's time)")
            % {"moment": second_words(signed_at, local)},
        ],
        "digest": f"SHA-256 {digest}",
        "check": gettext(
            "The signed text is attached to this PDF as signed-report.txt. Its SHA-256 is the one "
            "above, and stands in the system's sealed record."
        ),
        "back": list(form.back),
        "attached": gettext("The text that was signed, to the byte"),
    }
    return set_pdf("written.typ", data, {"text": signed}, now=at or now)


def agency_pdf(
    pdf: bytes,
    mapping: Mapping[str, str | Mapping[str, str]],
    form: AgencyForm,
    values: Mapping[str, str],
    *,
    signed: str,
    signature: str,
    signed_on: str,
) -> bytes:
    """Return the agency's own form, filled in; the signed text is attached to it.

    ``mapping``: our field → the PDF's field; for a field with options, option → the PDF's box.
    """
    put: dict[str, str] = {}
    given = {**values, "signature": signature, "signed_on": signed_on}
    kinds = {field.key: field for field in form.fields}
    for key, target in mapping.items():
        value = given.get(key, "").strip()
        if not value:
            continue
        if isinstance(target, str):
            put[target] = kinds[key].words(value) if key in kinds else value
        else:
            put |= {box: "yes" for option, box in target.items() if option in value.split()}
    return filled(pdf, put, {"signed-report.txt": signed.encode()})
