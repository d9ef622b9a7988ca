from django.apps import AppConfig


class CalloutsConfig(AppConfig):
    name = "upstander.callouts"
    label = "callouts"
    default_auto_field = "django.db.models.BigAutoField"
