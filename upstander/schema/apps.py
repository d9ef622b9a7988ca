from django.apps import AppConfig


class SchemaConfig(AppConfig):
    name = "upstander.schema"
    label = "schema"
