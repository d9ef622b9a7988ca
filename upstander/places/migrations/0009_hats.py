"""Where tips without a place go, and in which of their teams somebody acts."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("places", "0008_monitors"),)
    operations = (
        migrations.AddField(
            model_name="district", name="catch_all", field=models.BooleanField(default=False)
        ),
        migrations.AddConstraint(
            model_name="district",
            constraint=models.UniqueConstraint(
                fields=("catch_all",), condition=models.Q(catch_all=True), name="one_catch_all"
            ),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
