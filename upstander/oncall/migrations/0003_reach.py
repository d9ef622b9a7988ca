"""Whom something rings, as a function of the database; the channels' words are the carriers'."""

from pathlib import Path

from django.db import migrations, models

CHANNELS = [
    ("sms", "text message"),
    ("voice", "phone call"),
    ("email", "email"),
    ("push", "notification"),
]


class Migration(migrations.Migration):
    dependencies = (
        ("oncall", "0002_walls"),
        ("carriers", "0005_contact_walls"),
    )
    operations = (
        migrations.AlterField(
            "ownrule", "channel", models.CharField(max_length=5, choices=CHANNELS)
        ),
        migrations.AlterField("floor", "channel", models.CharField(max_length=5, choices=CHANNELS)),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
