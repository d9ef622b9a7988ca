"""The shred key file lies in two places, and each new row says which file wrapped it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("vault", "0002_storage"),)
    operations = (
        migrations.AddField("ShredFile", "twice_at", models.DateTimeField(null=True)),
        migrations.AddField("ShredKey", "file_mark", models.BinaryField(max_length=16, null=True)),
    )
