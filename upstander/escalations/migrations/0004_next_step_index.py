"""An index for the worker's question, each second, whose next step is overdue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("escalations", "0003_answer_number"),)
    operations = (
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("state", "acknowledged")),
                fields=["next_step_due_at"],
                name="alert_next_step",
            ),
        ),
    )
