from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether danger that was now had its reason, so that the database itself knows the flag."""

    dependencies = [("dispatch", "0002_call_flagged")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="why_given",
            field=models.BooleanField(default=False, db_default=False),
        ),
    ]
