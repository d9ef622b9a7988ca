"""Answers to an alert have an order."""

from django.db import migrations, models

NUMBER = """
UPDATE escalations_acknowledgement a SET number = n.number FROM (
    SELECT id, row_number() OVER (PARTITION BY alert_id ORDER BY at, id) AS number
    FROM escalations_acknowledgement) n WHERE n.id = a.id
"""


class Migration(migrations.Migration):
    dependencies = (("escalations", "0002_walls"),)
    operations = (
        migrations.AddField(
            "acknowledgement",
            "number",
            models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "acknowledgement",
            models.UniqueConstraint(fields=("alert", "number"), name="answer_number"),
        ),
    )
