import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0002_left_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="change_number",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="entry",
            name="notes",
            field=models.BinaryField(default=bytes),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("filed", "filed"),
                    ("opened", "opened"),
                    ("changed", "written down"),
                    ("asked", "change proposed"),
                    ("agreed", "change agreed: it stands"),
                    ("refused", "change not agreed"),
                    ("back", "change taken back"),
                    ("proposed", "disposal proposed"),
                    ("kept", "disposal not agreed"),
                    ("disposed", "destroyed"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waits", "waits for a second person"),
                            ("agreed", "agreed"),
                            ("refused", "not agreed"),
                            ("back", "taken back"),
                            ("lapsed", "nobody decided in time"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("renames", models.BooleanField()),
                ("happened_on", models.DateField()),
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
                (
                    "strengths",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField()
                    ),
                ),
                (
                    "marks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BinaryField(max_length=16)
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("reason", models.BinaryField()),
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
                        fields=("entry", "number"), name="register_proposal_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waits")),
                        fields=("entry",),
                        name="register_one_proposal",
                    ),
                ],
            },
        ),
    ]
