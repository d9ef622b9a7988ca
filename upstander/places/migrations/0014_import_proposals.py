"""Imports by which much of what stood would go wait for a second person."""

import uuid
from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("places", "0013_who_is_there"),)
    operations = (
        migrations.CreateModel(
            name="ImportProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(choices=[("roster", "Roster")], max_length=20)),
                ("district_id", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("standing", models.PositiveIntegerField()),
                ("coming", models.PositiveIntegerField()),
                ("proposed_by", models.BigIntegerField()),
                ("proposed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("agreed_by", models.BigIntegerField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "district_id"), name="one_import_proposal"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(agreed_by__isnull=True, agreed_at__isnull=True)
                        | models.Q(agreed_by__isnull=False, agreed_at__isnull=False)
                        & ~models.Q(agreed_by=models.F("proposed_by")),
                        name="import_agreed_by_another",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
