from django.apps import AppConfig


class MandatedConfig(AppConfig):
    name = "upstander.mandated"
    label = "mandated"
    default_auto_field = "django.db.models.BigAutoField"
