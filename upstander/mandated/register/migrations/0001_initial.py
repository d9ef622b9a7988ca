"""The register of allegations about staff."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("folder_id", models.UUIDField(unique=True)),
                ("district_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("asked_on", models.DateField()),
                (
                    "answer",
                    models.CharField(
                        choices=[("nothing", "nothing to tell"), ("told", "something was told")],
                        max_length=8,
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["district_id", "-at", "id"], name="disclosure_district")
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("folder_id", models.UUIDField(unique=True)),
                ("district_id", models.BigIntegerField()),
                ("school_id", models.BigIntegerField(null=True)),
                ("matter_id", models.UUIDField(db_index=True)),
                ("duty_id", models.UUIDField(null=True)),
                ("happened_on", models.DateField()),
                ("filed_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unknown", "not said yet"),
                            ("physical", "physical abuse"),
                            ("sexual", "sexual abuse or misconduct"),
                            ("emotional", "emotional abuse or threats"),
                            ("neglect", "neglect"),
                            ("restraint", "unlawful restraint or seclusion"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("disability", models.BooleanField(null=True)),
                ("restraint", models.BooleanField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("unproven", "unproven: no outcome yet"),
                            ("substantiated", "substantiated"),
                            ("unsubstantiated", "not substantiated"),
                            ("same", "the same incident as another entry"),
                        ],
                        max_length=16,
                    ),
                ),
                ("outcome_on", models.DateField(null=True)),
                ("keep_until", models.DateField(null=True)),
                ("dispose_by", models.BigIntegerField(null=True)),
                ("disposed_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["district_id", "-filed_at", "id"], name="register_district"
                    ),
                    models.Index(
                        condition=models.Q(("disposed_at__isnull", True)),
                        fields=["district_id", "keep_until"],
                        name="register_run_out",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("filed", "filed"),
                            ("opened", "opened"),
                            ("changed", "changed"),
                            ("named", "person named"),
                            ("proposed", "disposal proposed"),
                            ("kept", "disposal not agreed"),
                            ("disposed", "destroyed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=12)),
                ("person_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="register.entry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry", "number"), name="register_event_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("district_id", models.BigIntegerField()),
                (
                    "strength",
                    models.SmallIntegerField(
                        choices=[
                            (3, "the same account"),
                            (2, "the same name"),
                            (1, "two names in common"),
                        ]
                    ),
                ),
                ("mark", models.BinaryField()),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="register.entry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["district_id", "mark"], name="register_mark_found")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "mark"), name="register_mark_once")
                ],
            },
        ),
    ]
