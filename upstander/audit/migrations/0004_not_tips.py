"""An index of what is not about tips; entries about tips don't enter it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("audit", "0003_blind_leaves"),)
    operations = (
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["district_id", "-id"],
                condition=~models.Q(subject_kind="tip"),
                name="audit_not_tips",
            ),
        ),
    )
