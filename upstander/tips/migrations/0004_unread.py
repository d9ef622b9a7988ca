"""What tells unread rows apart; the queue's index in the order: alone, nobody's, now, longest."""

import django.db.models.deletion
from django.db import migrations, models

_SQL = """
DROP INDEX tip_center_queue;
CREATE INDEX tip_center_queue
    ON tips_tip (center_id, rank, (similarity IS NOT NULL),
        (state = 'new' OR state = 'returned') DESC, happening_now DESC, waiting_since, received_at)
    WHERE (state <> 'closed' OR waiting_since IS NOT NULL) AND NOT junk;
"""


class Migration(migrations.Migration):
    dependencies = (("tips", "0003_alter_note_kind"),)
    operations = (
        migrations.CreateModel(
            name="Unread",
            fields=[
                (
                    "tip",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="unread",
                        serialize=False,
                        to="tips.tip",
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("about_me", models.BooleanField(null=True)),
                ("place_given", models.BooleanField()),
            ],
        ),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
    )
