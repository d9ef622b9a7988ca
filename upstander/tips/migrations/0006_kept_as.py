from django.db import migrations, models


class Migration(migrations.Migration):
    """What a counselor judged a matter of staff or of Title IX is kept by that schedule."""

    dependencies = [("tips", "0005_said_again")]

    operations = [
        migrations.AddField(
            model_name="tip",
            name="kept_as",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
    ]
