from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("triage", "0001_initial")]

    operations = [migrations.DeleteModel(name="Move")]
