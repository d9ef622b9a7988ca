"""A file that is shut away is sealed anew, to the center alone."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("tips", "0005_since_turn"),)
    operations = (
        migrations.AddField(
            model_name="attachment", name="held", field=models.BinaryField(null=True)
        ),
        migrations.AlterField(
            model_name="attachment",
            name="state",
            field=models.CharField(
                choices=[
                    ("ready", "ready"),
                    ("shutting", "being shut away"),
                    ("quarantined", "quarantined"),
                ],
                default="ready",
                max_length=12,
            ),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
