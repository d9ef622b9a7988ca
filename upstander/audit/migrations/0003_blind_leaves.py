"""A random part in each entry's canonical form, so that its hash alone tells nothing.

Schools may not know the second at which a child wrote (upstander/tips/times.py). Everything else in
an entry is known to whoever may read it, and a day has 86,400 seconds: without this part, the hash
would give the second away by trying. With it a school can keep the hashes, and later see the entries
opened by who may know them, and nothing was changed in between.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("audit", "0002_guards"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
