"""What is due to go, what is held, how long a schedule keeps."""

import uuid

from django.db import migrations, models

import upstander.vault.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Leftover",
            fields=[
                ("file", models.UUIDField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("school_id", models.BigIntegerField(null=True)),
                ("matter_id", models.UUIDField(db_index=True, null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=12)),
                ("reason", upstander.vault.fields.SealedTextField()),
                ("placed_by", models.BigIntegerField()),
                ("placed_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("lifted_by", models.BigIntegerField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=["district_id"],
                        name="hold_standing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("subject", models.UUIDField()),
                ("district_id", models.BigIntegerField()),
                ("school_id", models.BigIntegerField(null=True)),
                ("matter_id", models.UUIDField()),
                ("rule", models.CharField(max_length=30)),
                ("ended_at", models.DateTimeField()),
                ("listed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "its time is over"),
                            ("proposed", "waits for a second person"),
                            ("agreed", "goes after a day"),
                            ("gone", "gone"),
                            ("dropped", "not due any more"),
                        ],
                        default="due",
                        max_length=8,
                    ),
                ),
                ("proposed_by", models.BigIntegerField(null=True)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("agreed_by", models.BigIntegerField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("due", "proposed", "agreed"))),
                        fields=["district_id", "state", "rule", "ended_at"],
                        name="item_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "dropped"), _negated=True),
                        fields=("subject",),
                        name="item_once_a_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("agreed", "gone")), _negated=True),
                            models.Q(
                                ("agreed_by__isnull", False),
                                ("proposed_by__isnull", False),
                                models.Q(("agreed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="item_takes_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("rule", models.CharField(max_length=30)),
                ("years", models.PositiveSmallIntegerField(null=True)),
                ("set_by", models.BigIntegerField()),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["district_id", "rule", "-id"], name="period_of_rule")
                ],
            },
        ),
    ]
