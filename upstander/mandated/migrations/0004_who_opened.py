"""Who opened what, who read their no, and who answers for the file."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

#: What was asked before climbs from now on; the first look ends the climb of what is settled.
_CLIMB = """
UPDATE mandated_asked SET climb_since = coalesce(answered_at, asked_at), climb_at = now();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mandated", "0003_inquiry"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerRead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("answer_id", models.UUIDField(unique=True)),
                ("district_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("agrees", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FileAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("district_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("own_report", "has begun a report of their own"),
                            ("reported", "a report on this matter is written down as made"),
                            (
                                "read_by_two",
                                "somebody else who opened it said no, and another read why",
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="answer",
            name="case_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="asked",
            name="case_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="asked",
            name="climb_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="asked",
            name="climb_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="asked",
            name="climbed",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="asked",
            name="for_file",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="asked",
            name="gone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="answer",
            name="tip_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="asked",
            name="matter_id",
            field=models.UUIDField(db_index=True),
        ),
        migrations.AlterField(
            model_name="asked",
            name="tip_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("case_id__isnull", False)),
                fields=["case_id", "person_id"],
                name="answer_of_case",
            ),
        ),
        migrations.AddIndex(
            model_name="asked",
            index=models.Index(
                condition=models.Q(("climb_at__isnull", False)),
                fields=["climb_at"],
                name="asked_climb",
            ),
        ),
        migrations.AddIndex(
            model_name="asked",
            index=models.Index(
                condition=models.Q(("climb_at__isnull", False)),
                fields=["person_id"],
                name="asked_owes",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tip_id__isnull", True), ("case_id__isnull", True), _connector="XOR"
                ),
                name="answer_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="asked",
            constraint=models.UniqueConstraint(
                fields=("case_id", "person_id"), name="asked_of_case_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="asked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tip_id__isnull", True), ("case_id__isnull", True), _connector="XOR"
                ),
                name="asked_of_one",
            ),
        ),
        migrations.AddField(
            model_name="fileanswer",
            name="asked",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="for_the_file",
                to="mandated.asked",
            ),
        ),
        migrations.RunSQL(_CLIMB, migrations.RunSQL.noop),
    ]
