"""What came among very many from one place is asked about after what came alone."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("escalations", "0009_answers_in_the_record"),)
    operations = (
        migrations.AddField(
            model_name="alert",
            name="crowded",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
