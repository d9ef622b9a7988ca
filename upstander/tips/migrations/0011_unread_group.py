"""The row of an unread tip says that it is about a group or a school, and not about somebody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("tips", "0010_waits"),)
    operations = (
        migrations.AddField(
            "unread", "about_group", models.BooleanField(default=False, db_default=False)
        ),
    )
