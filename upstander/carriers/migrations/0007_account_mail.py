"""An administrator reads of others' mail in the demo what leads to an account, and nothing else.

What is not a tip's mail by its words may be one tomorrow: so what may be read is named.
"""

from django.db import migrations

SQL = """
ALTER POLICY accounts ON carriers_outboxmail
    USING ((SELECT api.scope_person()) IS NOT NULL
           AND body ~ '/(people/join|account/password/reset/key)/'
           AND body !~ '/(tips|team|alerts|tasks|a)/');
"""


class Migration(migrations.Migration):
    dependencies = (("carriers", "0006_forget_and_lease"),)
    operations = (migrations.RunSQL(SQL, migrations.RunSQL.noop),)
