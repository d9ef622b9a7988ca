"""Addresses of students' sessions, on the staff's site."""

from django.urls import path

from upstander.lessons import views

app_name = "lessons"
urlpatterns = [
    path("student-sessions", views.sessions, name="sessions"),
    path("student-sessions/<int:session_id>", views.session, name="session"),
    path("student-sessions/<int:session_id>/slides/<int:number>", views.slide, name="slide"),
]
