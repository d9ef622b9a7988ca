"""Each destroyed shred key leaves a tombstone, whoever destroyed it."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("vault", "0003_shred_files"),)
    operations = (
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("subject", models.UUIDField(primary_key=True, serialize=False)),
                ("district_id", models.BigIntegerField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
