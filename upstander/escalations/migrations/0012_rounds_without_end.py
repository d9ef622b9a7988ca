"""Who is asked every two minutes is asked more than 32,767 times in six weeks: rounds are integers.

And the worker puts news that it can't work off behind the others.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("escalations", "0011_who_leaves"),)
    operations = (
        migrations.RunSQL(
            # It names the column; `cases` writes it anew (cases/0011_asked_again).
            "DROP TRIGGER IF EXISTS cases_open_access ON escalations_step;"
            " GRANT INSERT ON escalations_news TO upstander_worker;"
            " GRANT USAGE ON SEQUENCE escalations_news_id_seq TO upstander_worker;",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("step", "round", models.PositiveIntegerField(default=1)),
        migrations.AlterField("page", "round", models.PositiveIntegerField(default=1)),
    )
