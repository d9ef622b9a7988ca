"""What happens now and bears no topic rings until somebody has read it."""

from django.db import migrations, models

_CAUSES = [
    ("policy", "nobody has it"),
    ("idle", "no next step"),
    ("news", "something new"),
    ("unanswered", "the reporter is waiting"),
    ("unread", "nobody has read it"),
    ("task", "a task is waiting"),
    ("by_hand", "asked by a counselor"),
]


class Migration(migrations.Migration):
    dependencies = (("escalations", "0005_line_held_until"),)
    operations = (
        migrations.AddField(
            "alert", "no_topic", models.BooleanField(default=False, db_default=False)
        ),
        *(
            migrations.AlterField(
                model,
                "cause",
                models.CharField(
                    choices=_CAUSES, db_default="policy", default="policy", max_length=10
                ),
            )
            for model in ("page", "step")
        ),
    )
