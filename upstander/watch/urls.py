"""Addresses of how the system stands, and of drills."""

from django.urls import path

from upstander.watch import views

app_name = "watch"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("status", views.status, name="status"),
    path("drills", views.drills, name="drills"),
    path("drills/begin", views.begin, name="begin"),
    path("drills/rhythm", views.rhythm, name="rhythm"),
    path("drills/<uuid:drill_id>", views.drill, name="drill"),
    path("drills/<uuid:drill_id>/answer", views.answer, name="answer"),
]
