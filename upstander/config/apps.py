"""The last of the installed apps: all others are ready, so what they bring is checked."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from upstander.config.checking import faults, faults_of_code
from upstander.people.permissions import carry
from upstander.plug import manifests
from upstander.plug.collected import forget


class PluggedConfig(AppConfig):
    name = "upstander.config"
    label = "plugged"

    def ready(self) -> None:
        """Refuse to start with a broken manifest; give the roles the rights of the apps.

        Raises ImproperlyConfigured, with every fault in plain words.
        """
        forget()
        found = faults() or faults_of_code(settings.PROCESS)
        if found:
            forget()
            raise ImproperlyConfigured("An app can't be plugged in:\n" + "\n".join(found))
        carry(
            (right, roles)
            for brought in manifests()
            for right, roles in brought.manifest.permissions.items()
        )
