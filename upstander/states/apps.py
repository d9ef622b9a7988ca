from django.apps import AppConfig


class StatesConfig(AppConfig):
    name = "upstander.states"
    label = "states"
