"""Later duties, answers asked for, rules confirmed, and what the ledger adds up."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mandated", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Asked",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("tip_id", models.UUIDField()),
                ("matter_id", models.UUIDField()),
                ("district_id", models.BigIntegerField(db_index=True)),
                ("school_id", models.BigIntegerField(null=True)),
                ("center", models.BooleanField()),
                ("person_id", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                ("reminded", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("rule_set", models.CharField(max_length=20)),
                ("fact", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("stands", models.BooleanField()),
                ("person_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=20)),
                ("owner", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("met_at", models.DateTimeField(null=True)),
                ("met_recorded_at", models.DateTimeField(null=True)),
                ("met_by", models.BigIntegerField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                ("reminded", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="MonthChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("district_id", models.BigIntegerField()),
                ("month", models.DateField()),
                ("changes", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("district_id", models.BigIntegerField()),
                ("month", models.DateField()),
                ("changes", models.BigIntegerField()),
                ("cells", models.JSONField()),
            ],
        ),
        migrations.AddField(
            model_name="duty",
            name="first_due",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="duty",
            name="month",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="duty",
            name="offices_told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="duty",
            name="written_due",
            field=models.DateTimeField(null=True),
        ),
        # Every rule so far has these hours.
        migrations.RunSQL(
            "UPDATE mandated_duty d SET first_due = d.cause_at + interval '12 hours',"
            " written_due = d.first_at + interval '48 hours',"
            " month = date_trunc('month', d.opened_at AT TIME ZONE p.time_zone)::date"
            " FROM places_district p WHERE p.id = d.district_id",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(model_name="duty", name="first_due", field=models.DateTimeField()),
        migrations.AlterField(model_name="duty", name="month", field=models.DateField()),
        migrations.AlterField(
            model_name="dutyevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("started", "suspicion noted"),
                    ("emergent", "questions about urgency answered"),
                    ("first", "first report made"),
                    ("written", "written report sent"),
                    ("signed", "written report signed"),
                    ("answer", "answer of the agency"),
                    ("note", "note"),
                    ("corrected", "typed time corrected"),
                    ("questions", "questioning before the report: reason given"),
                    ("said", "somebody else says that it was reported"),
                    ("confirmed", "confirmed by whose duty it is"),
                    ("denied", "not confirmed by whose duty it is"),
                    ("copy", "copy sent"),
                    ("suspended", "employee suspended"),
                    ("inquiry", "the agency's investigation ended"),
                    ("met", "later duty met"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["school_id", "-opened_at", "id"], name="duty_school"),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["district_id", "month"], name="duty_month"),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("written_at__isnull", True)),
                fields=["district_id"],
                name="duty_open",
            ),
        ),
        migrations.AddIndex(
            model_name="asked",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)),
                fields=["remind_at"],
                name="asked_remind",
            ),
        ),
        migrations.AddConstraint(
            model_name="asked",
            constraint=models.UniqueConstraint(fields=("tip_id", "person_id"), name="asked_once"),
        ),
        migrations.AddIndex(
            model_name="confirmation",
            index=models.Index(fields=["rule_set", "fact", "-id"], name="confirmation_of_fact"),
        ),
        migrations.AddField(
            model_name="deadline",
            name="duty",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deadlines",
                to="mandated.duty",
            ),
        ),
        migrations.AddConstraint(
            model_name="monthchange",
            constraint=models.UniqueConstraint(
                fields=("district_id", "month"), name="month_change_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("person_id", "district_id", "month"), name="tally_once"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)),
                fields=["remind_at"],
                name="deadline_remind",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(fields=("duty", "key"), name="deadline_once"),
        ),
    ]
