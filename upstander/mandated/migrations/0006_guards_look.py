"""Guards look at what the worker, whom they guard against, may not read."""

from django.db import migrations

_LOOKS = "ALTER FUNCTION {} SECURITY DEFINER SET search_path = public, pg_temp"


class Migration(migrations.Migration):
    dependencies = (("mandated", "0005_ledger_pages"),)
    operations = tuple(
        migrations.RunSQL(_LOOKS.format(name), migrations.RunSQL.noop)
        for name in (
            "mandated_duty_guard()",
            "mandated_deadline_guard()",
            "mandated_asked_guard()",
        )
    )
