from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0004_way_in"),
    ]

    operations = [
        migrations.AlterField(
            model_name="publishededition",
            name="audience",
            field=models.CharField(max_length=30),
        ),
        migrations.AddField(
            model_name="publishededition",
            name="measures",
            field=models.JSONField(default=list),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="publishededition",
            name="seal",
            field=models.BinaryField(default=b"", max_length=32),
            preserve_default=False,
        ),
    ]
