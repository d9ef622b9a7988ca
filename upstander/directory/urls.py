"""The desk's addresses of the directory; mounted at /services/."""

from django.urls import path

from upstander.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.service_list, name="list"),
    path("<slug:slug>/", views.service_confirm, name="confirm"),
    path("<slug:slug>/doubt", views.service_doubt, name="doubt"),
    path("<slug:slug>/listed", views.service_listed, name="listed"),
]
