from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("people", "0002_storage"),)
    operations = (
        migrations.AddField(
            model_name="staffsession",
            name="working_since",
            field=models.DateTimeField(null=True),
        ),
    )
