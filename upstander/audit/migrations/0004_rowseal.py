"""How rows stand after changes, for the record to seal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("audit", "0003_actor_nonce"),)
    operations = (
        migrations.CreateModel(
            name="RowSeal",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField()),
                ("relation", models.CharField(max_length=63)),
                ("key", models.CharField(max_length=80)),
                ("digest", models.BinaryField()),
                ("by_hand", models.BooleanField()),
                ("blind", models.UUIDField()),
            ],
            options={
                "indexes": [models.Index(fields=["xid", "id"], name="audit_row_sealing")],
            },
        ),
    )
