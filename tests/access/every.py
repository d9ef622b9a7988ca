"""Every address of the desk, which of them are open, and what is sent to them."""

from __future__ import annotations

from tests.addresses import Address, walk
from upstander.config import urls_desk

#: Open to whoever has not signed in, or has only half: allauth's own pages, which check for
#: themselves, and an invitation's link. Nothing else may ever come here.
OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "people:join",
    "people:way_in",
    "callouts:family",
    "referrals:agency",
    "helplines:partner",
    "watch:healthz",
    # An employee without an account reads a course by its link; anybody checks a certificate.
    "training:link_first",
    "training:link_part",
    "training:link_quiz",
    "training:certificate",
    # A page's signed link, and the script that shows notifications.
    "escalations:link",
    "carriers:push_worker",
    # A calendar program comes with its person's secret link and can't sign in.
    "oncall:feed",
}
#: … and of those the ones that show something to somebody who is not signed in at all.
FOR_STRANGERS = {
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "people:join",
    "people:way_in",
    "callouts:family",
    "helplines:partner",
    "referrals:agency",
    "training:link_first",
    "training:link_part",
    "training:link_quiz",
    "training:certificate",
    "watch:healthz",
    "escalations:link",
    "carriers:push_worker",
    "oncall:feed",
}
#: The row of its own address is named by this.
OWN_ROW = {
    "places:center": "center_id",
    "places:district": "district_id",
    "places:school": "school_id",
}

#: What is sent where something is sent: whole enough that a form does not stop it on the way.
FILLED = {
    "answer": "seen",
    "text": "Words.",
    "words": "Words.",
    "reason": "A reason.",
    "name": "Name",
    "disposition": "support_given",
    "next": "visit",
    "priority": "urgent",
    "agree": "yes",
    "kind": "reply",
    "confirm": "yes",
    "outcome": "reached",
    "team": "1",
    "version": "0",
    "reference": "AAAA-AAAA",
    "suspects": "no",
    "why": "A reason.",
    "form": "email",
}


def desk_addresses() -> list[Address]:
    """Give every address of the desk."""
    return list(walk(urls_desk.urlpatterns))


CLOSED = [address for address in desk_addresses() if address.name not in OPEN]
