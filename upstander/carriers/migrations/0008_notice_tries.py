"""A notice is let go after so many tries, and not because somebody was away for a day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("carriers", "0007_account_mail"),)
    operations = (
        migrations.AddField(
            "notice", "tries", models.PositiveSmallIntegerField(db_default=0, default=0)
        ),
        migrations.RunSQL(
            "GRANT UPDATE (tries) ON carriers_notice TO upstander_worker",
            migrations.RunSQL.noop,
        ),
    )
