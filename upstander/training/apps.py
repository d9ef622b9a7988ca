from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "upstander.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read all courses, so that a careless file stops the start and no lesson."""
        from upstander.training.courses.loading import courses  # noqa: PLC0415

        courses()
