"""Open alerts are found without looking through all that ever were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("escalations", "0008_asked_by_a_colleague"),)
    operations = (
        migrations.AddIndex(
            "alert",
            models.Index(
                fields=["district_id"], condition=models.Q(("state", "open")), name="alert_open"
            ),
        ),
    )
