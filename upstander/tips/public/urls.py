"""Addresses of the reporter's own pages. No address ever holds a return code."""

from __future__ import annotations

from django.urls import URLPattern, path

from upstander.tips.public import back, files, live, report, talk
from upstander.tips.public.told import ClosingWords, UsualWait


def patterns(closing_words: ClosingWords, usual_wait: UsualWait) -> list[URLPattern]:
    """Return the routes; ``closing_words`` are what a reporter reads of a disposition, and
    ``usual_wait`` how many minutes it usually takes until a person reads."""
    words = {"closing_words": closing_words, "usual_wait": usual_wait}
    return [
        path("report", report.report, name="report"),
        path("r/<slug:school>", report.report_from_poster, name="report_from_poster"),
        path("back", back.back, name="back"),
        path("talk", talk.talk, name="talk"),
        path("talk/live", live.live, words, name="live"),
        path("talk/message", talk.message, name="talk_message"),
        path("talk/answers", talk.answers, name="talk_answers"),
        path("talk/file", files.add_file, name="talk_file"),
        path("talk/hide", live.hide, name="talk_hide"),
        path("talk/end", talk.end, name="talk_end"),
    ]
