"""The shred key's file is renewed nightly: which versions there were, and which are closed."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("vault", "0002_sealedkey_proof"),)
    operations = (
        migrations.CreateModel(
            name="ShredFile",
            fields=[
                (
                    "version",
                    models.PositiveIntegerField(primary_key=True, serialize=False),
                ),
                ("made_at", models.DateTimeField()),
                ("mark", models.BinaryField(max_length=16)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
