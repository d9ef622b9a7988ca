from django.apps import AppConfig


class WebappConfig(AppConfig):
    name = "upstander.webapp"
    label = "webapp"
