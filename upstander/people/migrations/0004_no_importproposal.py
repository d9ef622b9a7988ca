from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0003_working_since")]

    operations = [migrations.DeleteModel(name="ImportProposal")]
