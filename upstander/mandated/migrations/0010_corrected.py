"""A corrected time of the first report moves its reminders too, and what else falls due after it.

And a duty says where its allegation could not be filed, and when it was.
"""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("mandated", "0009_server_times"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="dutyevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("started", "suspicion noted"),
                    ("emergent", "questions about urgency answered"),
                    ("first", "first report made"),
                    ("written", "written report sent"),
                    ("signed", "written report signed"),
                    ("answer", "answer of the agency"),
                    ("note", "note"),
                    ("corrected", "typed time corrected"),
                    ("questions", "questioning before the report: reason given"),
                    ("said", "somebody else says that it was reported"),
                    ("confirmed", "confirmed by whose duty it is"),
                    ("denied", "not confirmed by whose duty it is"),
                    ("copy", "copy sent"),
                    ("suspended", "employee suspended"),
                    ("inquiry", "the agency's investigation ended"),
                    ("met", "later duty met"),
                    ("unfiled", "allegation not in the register: nobody there may read it"),
                    ("filed", "allegation filed in the register"),
                ],
                max_length=10,
            ),
        ),
    )
