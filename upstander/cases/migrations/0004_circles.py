"""Which seed a reason is sealed under, where a tip was handed to one team after another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0003_nobody_waits"),)
    operations = (
        migrations.AddField("closing", "circle", models.UUIDField(null=True)),
        migrations.AddField("secondopinion", "circle", models.UUIDField(null=True)),
    )
