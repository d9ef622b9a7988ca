from django.db import migrations, models


class Migration(migrations.Migration):
    """A call that was made is kept, and flagged where it lacks what police are asked for with."""

    dependencies = [("dispatch", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="flagged",
            field=models.BooleanField(default=False, db_default=False),
        ),
    ]
