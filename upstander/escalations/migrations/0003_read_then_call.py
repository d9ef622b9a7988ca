from django.db import migrations, models


class Migration(migrations.Migration):
    """What ordered a call becomes what asks a person to read and to decide, also where it stands."""

    dependencies = [("escalations", "0002_storage")]

    operations = [
        migrations.CreateModel(
            name="FallbackPhone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("center_id", models.BigIntegerField(unique=True)),
                ("person_id", models.BigIntegerField()),
                ("changed_by", models.BigIntegerField()),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decide_911", "Read now; decide about 911"),
                    ("call_911", "Call 911"),
                    ("call_school", "Phone the school, then its police dispatcher"),
                    ("call_contact", "Phone an outside contact"),
                    ("confirm_help", "Confirm that help arrived"),
                    ("confirm_brief", "Phone police: nobody has read their brief"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL(
            [
                "UPDATE escalations_step SET target = 'decide_911' WHERE target = 'call_911'",
                "UPDATE escalations_policy SET steps ="
                " replace(steps::text, '\"call_911\"', '\"decide_911\"')::jsonb",
                "UPDATE escalations_task SET kind = 'decide_911'"
                " WHERE kind = 'call_911' AND state IN ('open', 'taken')",
            ],
            migrations.RunSQL.noop,
        ),
    ]
