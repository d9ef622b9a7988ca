"""The desk's addresses of the directory."""

from django.urls import path

from upstander.directory import import_views, views

app_name = "directory"
urlpatterns = [
    path("services", views.service_list, name="list"),
    path("services/import", import_views.sources, name="import"),
    path("services/import/<uuid:source>", import_views.source, name="source"),
    path("services/import/<uuid:source>/whole", import_views.whole, name="whole"),
    path("services/export/<slug:form>", import_views.export, name="export"),
    path("services/<slug:service>", views.service_confirm, name="confirm"),
    path("services/<slug:service>/edit", views.service_edit, name="edit"),
    path("services/<slug:service>/places", views.service_places, name="places"),
    path("services/<slug:service>/unhide", views.service_unhide, name="unhide"),
    *(
        path(f"services/<slug:service>/{word}", views.service_word, {"word": word}, name=word)
        for word in ("doubt", "listed", "kept", "read")
    ),
]
