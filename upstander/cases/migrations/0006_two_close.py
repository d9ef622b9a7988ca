"""Two persons for an ending that calls a life-safety tip nothing; what a proposer had read."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0005_clocks"), ("tips", "0009_clocks"))
    operations = (
        migrations.AddField(
            model_name="secondopinion",
            name="turn",
            field=models.IntegerField(default=0),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
