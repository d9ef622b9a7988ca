"""Of whom closed cases were, and by what a district compares their outcomes."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accountability", "0003_waiting"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseFigures",
            fields=[
                ("case_id", models.UUIDField(primary_key=True, serialize=False)),
                ("district_id", models.BigIntegerField()),
                ("matter_id", models.UUIDField()),
                ("grade", models.CharField(blank=True, default="", max_length=2)),
                ("disability", models.BooleanField(null=True)),
                ("groups", models.JSONField(default=dict)),
                ("person_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Division",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=60)),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60)
                    ),
                ),
                ("made_by", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("district_id", "name"),
                        name="division_once",
                    )
                ],
            },
        ),
    ]
