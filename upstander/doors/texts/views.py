"""What a counselor does about a conversation by text, beside answering it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext

from upstander.doors.actions.texts import send_bridge
from upstander.people.scope import Viewer
from upstander.tips.opening import open_tip
from upstander.triage.views import TIP_PAGE
from upstander.ui.press import Said


@TIP_PAGE.act
def bridge(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Text the reporter eight digits that lead to the same conversation on the website."""
    send_bridge(open_tip(viewer, tip_id, purpose="reply"))
    return Said(gettext("The way to the website is being texted."))
