"""A task that comes, is taken or is done shows on the desk at once."""

from django.db import migrations

POKE = """
CREATE FUNCTION escalations_task_poke() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('tips', NEW.subject_id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER escalations_poke AFTER INSERT OR UPDATE OF state ON escalations_task
    FOR EACH ROW EXECUTE FUNCTION escalations_task_poke();
"""


class Migration(migrations.Migration):
    dependencies = (("escalations", "0007_asking_walls"),)
    operations = (migrations.RunSQL(POKE, migrations.RunSQL.noop),)
