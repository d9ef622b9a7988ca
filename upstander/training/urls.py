"""Addresses of the ledger, of courses and of their certificates, on the staff's site."""

from django.urls import path

from upstander.training import certification_views, course_public, course_views, views

app_name = "training"
urlpatterns = [
    path("training", views.ledger, name="ledger"),
    path("training/own", views.own, name="own"),
    path("training/counts", views.counts, name="counts"),
    path("training/employees", views.employees, name="employees"),
    path("training/employees/<int:employee_id>", views.employee, name="employee"),
    path("training/dues/<int:due_id>/link", views.link, name="link"),
    path("training/schools/<int:school_id>", views.school, name="school"),
    path("training/schools/<int:school_id>/certify", certification_views.certify, name="certify"),
    path("training/districts/<int:district_id>", views.district, name="district"),
    path("training/districts/<int:district_id>/sign", certification_views.sign, name="sign"),
    path(
        "training/certifications/<int:certification_id>",
        certification_views.certification,
        name="certification",
    ),
    path(
        "training/certifications/<int:certification_id>.csv",
        certification_views.certification_csv,
        name="certification_csv",
    ),
    path(
        "training/certifications/<int:certification_id>.pdf",
        certification_views.certification_pdf,
        name="certification_pdf",
    ),
    path(
        "training/certifications/<int:certification_id>/finding",
        certification_views.find,
        name="finding",
    ),
    path("courses", course_views.listed, name="courses"),
    path("courses/readers", course_public.readers, name="readers"),
    path("courses/readers/<slug:course>/<str:language>", course_public.whole, name="whole"),
    path("courses/<slug:course>/<str:language>/<int:number>", course_views.part, name="part"),
    path("courses/<slug:course>/<str:language>/quiz", course_views.quiz, name="quiz"),
    path("courses/<slug:course>/<str:language>/offline.zip", course_views.offline, name="offline"),
    path("training/link/<str:link>", course_views.link, name="link_first"),
    path(
        "training/link/<str:link>/<str:language>/<int:number>",
        course_views.link_part,
        name="link_part",
    ),
    path("training/link/<str:link>/<str:language>/quiz", course_views.link_quiz, name="link_quiz"),
    path("certificates/<str:number>", course_public.certificate, name="certificate"),
]
