from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("audit", "0002_storage"),)
    operations = (
        migrations.AddField(
            model_name="entry",
            name="actor_nonce",
            field=models.UUIDField(editable=False, null=True),
        ),
    )
