from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "upstander.mandated.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"
