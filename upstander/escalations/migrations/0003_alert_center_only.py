"""An alert about a talk, of which nobody outside the center is asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("escalations", "0002_storage"),)
    operations = (
        migrations.AddField(
            "alert", "center_only", models.BooleanField(default=False, db_default=False)
        ),
    )
