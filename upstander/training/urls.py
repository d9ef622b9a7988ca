"""Addresses of courses and their certificates."""

from django.urls import path

from upstander.training import course_public, course_views

app_name = "training"
urlpatterns = [
    path("courses", course_views.listed, name="courses"),
    path("courses/readers", course_public.readers, name="readers"),
    path("courses/readers/<slug:course>/<str:language>", course_public.whole, name="whole"),
    path("courses/<slug:course>/<str:language>/<int:number>", course_views.part, name="part"),
    path("courses/<slug:course>/<str:language>/quiz", course_views.quiz, name="quiz"),
    path("courses/<slug:course>/<str:language>/offline.zip", course_views.offline, name="offline"),
    path("course/<str:link>", course_views.link, name="link"),
    path(
        "course/<str:link>/<str:language>/<int:number>", course_views.link_part, name="link_part"
    ),
    path("course/<str:link>/<str:language>/quiz", course_views.link_quiz, name="link_quiz"),
    path("certificates/<str:number>", course_public.certificate, name="certificate"),
]
