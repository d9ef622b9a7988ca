from django.apps import AppConfig


class WrittenConfig(AppConfig):
    name = "upstander.mandated.written"
    label = "written"
    default_auto_field = "django.db.models.BigAutoField"
