"""That another center serves a district is asked by one and signed by another."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("triage", "0001_initial"),)
    operations = (
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("center", "another center answers for the district"),
                            ("catch_all", "tips that name no place come to the district"),
                        ],
                        max_length=10,
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("from_center_id", models.BigIntegerField()),
                ("to_center_id", models.BigIntegerField()),
                ("to_team_id", models.BigIntegerField()),
                ("asked_by", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "waits"),
                            ("signed", "signed"),
                            ("refused", "refused"),
                            ("withdrawn", "taken back"),
                            ("shares", "done with the district's recovery shares"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("district_id",),
                        name="one_move_at_once",
                    )
                ],
            },
        ),
    )
