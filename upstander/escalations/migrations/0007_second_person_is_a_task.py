"""Whoever is asked as the second person before police are sent is asked until somebody decides."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("escalations", "0006_unread_without_a_topic"),)
    operations = (
        migrations.AlterField(
            "task",
            "kind",
            models.CharField(
                choices=[
                    ("decide_911", "Read now; decide about 911"),
                    ("call_911", "Call 911"),
                    ("call_school", "Call the school, then its police dispatcher"),
                    ("call_contact", "Call an outside contact"),
                    ("confirm_help", "Confirm that help arrived"),
                    ("confirm_brief", "Call police: nobody has read their brief"),
                    ("second_police", "Decide whether police may be sent"),
                ],
                max_length=16,
            ),
        ),
    )
