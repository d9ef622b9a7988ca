"""How many said the same before a tip; and the index by which those that repeat are found."""

from django.db import migrations, models

_SQL = """
CREATE INDEX tip_said_before ON tips_tip (center_id, same_words)
    WHERE said_before > 0 AND same_words IS NOT NULL AND state = 'new' AND turns = 2 AND NOT junk
        AND NOT not_see;
"""


class Migration(migrations.Migration):
    dependencies = [("tips", "0002_storage")]

    operations = [
        migrations.AddField(
            model_name="tip",
            name="said_before",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
    ]
