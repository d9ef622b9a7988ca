from django.apps import AppConfig


class TipsConfig(AppConfig):
    name = "upstander.tips"
    label = "tips"
    default_auto_field = "django.db.models.BigAutoField"
