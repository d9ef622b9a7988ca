"""A second opinion is about closing a tip, however it ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_storage"),
    ]

    operations = [
        migrations.AlterField(
            model_name="secondopinion",
            name="kind",
            field=models.CharField(
                choices=[("lower", "lower the priority"), ("false", "close the tip")], max_length=8
            ),
        ),
    ]
