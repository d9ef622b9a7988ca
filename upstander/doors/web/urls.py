"""Addresses of the reporter's own pages. No address ever holds a return code."""

from __future__ import annotations

from django.urls import URLPattern, path

from upstander.doors.adult import link_page
from upstander.doors.web import back, call_me, files, live, report, talk

urlpatterns: list[URLPattern] = [
    path("report", report.report, name="report"),
    path("report/language", report.report_language, name="report_language"),
    path("report/talk", report.report_to_talk, name="report_to_talk"),
    path("r/<slug:school>", report.report_from_poster, name="report_from_poster"),
    path("r/<slug:school>/talk", report.report_to_talk, name="report_from_poster_to_talk"),
    path("adult/<slug:link>", link_page.adult, name="adult"),
    path("back", back.back, name="back"),
    path("talk", talk.talk, name="talk"),
    path("talk/live", live.live, name="live"),
    path("talk/message", talk.message, name="talk_message"),
    path("talk/answers", talk.answers, name="talk_answers"),
    path("talk/file", files.add_file, name="talk_file"),
    path("talk/call", call_me.call_me, name="talk_call"),
    path("talk/hide", live.hide, name="talk_hide"),
    path("talk/end", talk.end, name="talk_end"),
]
