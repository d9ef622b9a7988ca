"""Indexes that nothing reads are gone: each cost every tip a write at a random place."""

import django.db.models.deletion
from django.db import migrations, models

#: Django makes one for LIKE beside each unique text; references are looked up whole.
LIKE = 'DROP INDEX IF EXISTS "tips_tip_reference_49b93d47_like"'


class Migration(migrations.Migration):
    dependencies = (("tips", "0007_first_of_page"),)
    operations = (
        # The foreign key has an index of its own.
        migrations.RemoveIndex(model_name="tip", name="tip_matter"),
        migrations.RunSQL(LIKE, migrations.RunSQL.noop),
        # message_turn begins with the tip.
        migrations.AlterField(
            model_name="message",
            name="tip",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="tips.tip",
            ),
        ),
        migrations.AlterField(
            model_name="tip",
            name="resent_from",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="tips.tip",
            ),
        ),
        migrations.AddIndex(
            model_name="tip",
            index=models.Index(
                condition=models.Q(("resent_from__isnull", False)),
                fields=["resent_from"],
                name="tip_resent",
            ),
        ),
    )
