"""Written reports: drafts, what was signed, evidence, agencies' own forms."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("duty_id", models.UUIDField(primary_key=True, serialize=False)),
                ("district_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("duty_id", models.UUIDField(db_index=True)),
                ("district_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="AgencyPdf",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("form", models.CharField(max_length=40)),
                ("pdf", models.BinaryField()),
                ("fields", models.JSONField(default=dict)),
                ("person_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("form",),
                        name="written_one_pdf",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("duty_id", models.UUIDField()),
                ("district_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("form", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("duty_id", "number"), name="written_report_number"
                    )
                ],
            },
        ),
    ]
