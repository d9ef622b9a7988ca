"""By which door a tip came, and in which language, beside its times."""

from django.db import migrations, models

#: Rows that stand already: the sweep looks at tips that change.
_FILL = """
UPDATE accountability_journey j SET channel = t.channel, language = t.language
    FROM tips_tip t WHERE t.id = j.tip_id AND (t.channel <> 'web' OR t.language <> 'en')
"""


class Migration(migrations.Migration):
    dependencies = (("accountability", "0003_journey_to_talk"), ("tips", "0007_late"))
    operations = (
        migrations.AddField(
            "journey", "channel", models.CharField(default="web", db_default="web", max_length=8)
        ),
        migrations.AddField(
            "journey", "language", models.CharField(default="en", db_default="en", max_length=8)
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    )
