"""What a colleague asks takes a turn of its own, before all others."""

from django.db import migrations, models

_TURNS = [
    (0, "life safety that came alone"),
    (1, "life safety in a crowd"),
    (2, "everything else"),
    (3, "a colleague asks"),
]


class Migration(migrations.Migration):
    dependencies = (("escalations", "0007_second_person_is_a_task"),)
    operations = tuple(
        migrations.AlterField(
            model,
            "turn",
            models.PositiveSmallIntegerField(choices=_TURNS, default=0, db_default=0),
        )
        for model in ("page", "step")
    )
