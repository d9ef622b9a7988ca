from django.db import migrations, models

_SQL = """
CREATE INDEX tip_same_words
    ON tips_tip (center_id, same_words, (likeness IS NOT NULL), waiting_since, received_at, id)
    WHERE same_words IS NOT NULL AND state = 'new' AND turns = 2 AND NOT junk AND NOT not_see;
"""


class Migration(migrations.Migration):
    """Tips in the same words as others bear a mark, by which the queue shows them as one row."""

    dependencies = [("tips", "0003_must_not_see")]

    operations = [
        migrations.AddField(
            model_name="tip",
            name="same_words",
            field=models.BinaryField(max_length=8, null=True),
        ),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
    ]
