from django.apps import AppConfig
from django.conf import settings
from django.core.signals import got_request_exception

from upstander.watch.failed import PAGES


class WatchConfig(AppConfig):
    name = "upstander.watch"
    label = "watch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep that a page of the desk broke."""
        if settings.PROCESS != "public":
            got_request_exception.connect(PAGES.note)
