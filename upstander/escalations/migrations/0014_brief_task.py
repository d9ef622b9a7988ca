"""A brief that no officer has read is a task of its own, beside the question whether help came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("escalations", "0013_barred"),)
    operations = (
        migrations.AlterField(
            "task",
            "kind",
            models.CharField(
                choices=[
                    ("call_911", "Call 911"),
                    ("call_school", "Phone the school, then its police dispatcher"),
                    ("call_contact", "Phone an outside contact"),
                    ("confirm_help", "Confirm that help arrived"),
                    ("confirm_brief", "Phone police: nobody has read their brief"),
                ],
                max_length=16,
            ),
        ),
    )
