"""Several marks a name instead of one, so that "M. Torres" finds "María Elena Torres"."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("tips", "0003_queue_index"),)
    operations = (
        # No release has written a subject yet: there is nothing to carry over.
        migrations.RemoveField(model_name="subject", name="blind"),
        migrations.CreateModel(
            name="SubjectMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("mark", models.BinaryField(max_length=16)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="tips.subject",
                    ),
                ),
                (
                    "tip",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tips.tip"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["mark"], name="subject_mark")]},
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
