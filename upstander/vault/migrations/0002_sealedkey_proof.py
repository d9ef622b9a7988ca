"""Beside each sealed key, the proof that whoever let the member in held it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("vault", "0001_initial"),)
    operations = (
        migrations.AddField(
            model_name="sealedkey", name="proof", field=models.BinaryField(null=True)
        ),
    )
