"""What asking needs: policies, tasks, outside contacts, news, and why each page goes out."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import upstander.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0005_fewer_indexes"),
    ]

    operations = [
        # Its condition names a step's target, which grows; cases makes it anew.
        migrations.RunSQL(
            "DROP TRIGGER IF EXISTS cases_open_access ON escalations_step", migrations.RunSQL.noop
        ),
        migrations.CreateModel(
            name="ExternalContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("center_id", models.BigIntegerField()),
                ("name", upstander.vault.fields.SealedTextField(max_length=120)),
                ("phone", upstander.vault.fields.SealedTextField(max_length=30)),
                ("active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Moment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="News",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("wrote", "the reporter wrote"),
                            ("assessed", "its priority changed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("center_id", models.BigIntegerField()),
                ("school_id", models.BigIntegerField(null=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[("center", "with the crisis center"), ("school", "with a school")],
                        max_length=6,
                    ),
                ),
                ("situation", models.CharField(max_length=8)),
                ("steps", models.JSONField()),
                ("every", models.PositiveIntegerField()),
                ("changed_by", models.BigIntegerField()),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call_911", "Call 911"),
                            ("call_school", "Phone the school, then its police dispatcher"),
                            ("call_contact", "Phone an outside contact"),
                            ("confirm_help", "Confirm that help arrived"),
                        ],
                        max_length=16,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("matter_id", models.UUIDField()),
                ("district_id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "nobody has taken it"),
                            ("taken", "taken"),
                            ("done", "done"),
                            ("dropped", "not needed any more"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("taken_by", models.BigIntegerField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("done_by", models.BigIntegerField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=20)),
                ("detail", models.JSONField(default=dict)),
            ],
        ),
        migrations.RemoveField(
            model_name="step",
            name="lease_token",
        ),
        migrations.RemoveField(
            model_name="step",
            name="lease_until",
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="via",
            field=models.CharField(db_default="desk", default="desk", max_length=6),
        ),
        migrations.AddField(
            model_name="alert",
            name="happening_now",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="alert",
            name="idle_asked",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="alert",
            name="mandated",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="alert",
            name="raised",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="alert",
            name="school_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="situation",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AddField(
            model_name="alert",
            name="stage",
            field=models.CharField(
                choices=[("center", "with the crisis center"), ("school", "with a school")],
                db_default="center",
                default="center",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="cause",
            field=models.CharField(
                choices=[
                    ("policy", "nobody has it"),
                    ("idle", "no next step"),
                    ("news", "something new"),
                    ("unanswered", "the reporter waits"),
                    ("task", "a task waits"),
                    ("by_hand", "asked by a counselor"),
                ],
                db_default="policy",
                default="policy",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="delivery_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="page",
            name="place",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="step",
            name="after_seconds",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="step",
            name="cause",
            field=models.CharField(
                choices=[
                    ("policy", "nobody has it"),
                    ("idle", "no next step"),
                    ("news", "something new"),
                    ("unanswered", "the reporter waits"),
                    ("task", "a task waits"),
                    ("by_hand", "asked by a counselor"),
                ],
                db_default="policy",
                default="policy",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="state",
            field=models.CharField(
                choices=[
                    ("due", "due"),
                    ("done", "done"),
                    ("cancelled", "cancelled"),
                    ("replaced", "replaced"),
                ],
                default="due",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="target",
            field=models.CharField(max_length=40),
        ),
        migrations.AddIndex(
            model_name="page",
            index=models.Index(
                condition=models.Q(("delivery_id__isnull", False)),
                fields=["delivery_id"],
                name="page_delivery",
            ),
        ),
        migrations.AddIndex(
            model_name="news",
            index=models.Index(fields=["subject_id"], name="news_subject"),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                fields=("center_id", "school_id", "stage", "situation"),
                name="policy_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="alert",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tasks",
                to="escalations.alert",
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="contact",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="escalations.externalcontact",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="task",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="escalations.task",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=models.Q(("task__isnull", False)), fields=["task"], name="step_task"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "taken")), fields=["due_at"], name="task_taken"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "taken"))),
                fields=["district_id"],
                name="task_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("open", "taken"))),
                fields=("subject_id", "kind", "contact"),
                name="task_once",
                nulls_distinct=False,
            ),
        ),
    ]
