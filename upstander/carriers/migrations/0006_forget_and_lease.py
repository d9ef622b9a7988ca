"""What was carried is forgotten after an hour at most; a notice is taken with a lease."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("carriers", "0005_contact_walls"),)
    operations = (
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("sealed__isnull", False)),
                fields=["attempted_at"],
                name="delivery_sealed",
            ),
        ),
        migrations.RunSQL(
            "GRANT UPDATE (due_at) ON carriers_notice TO upstander_worker",
            migrations.RunSQL.noop,
        ),
    )
