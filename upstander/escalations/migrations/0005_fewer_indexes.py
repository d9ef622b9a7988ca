"""The unique key of a step begins with its alert: a second index of it cost each tip a write."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("escalations", "0004_next_step_index"),)
    operations = (
        migrations.AlterField(
            model_name="step",
            name="alert",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="escalations.alert",
            ),
        ),
    )
