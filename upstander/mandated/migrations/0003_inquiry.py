from django.db import migrations, models

# Bullying is the one kind of duty so far whose investigation is the school's own.
_SQL = "UPDATE mandated_duty SET school_inquiry = true WHERE rule = 'bullying'"


class Migration(migrations.Migration):
    dependencies = (("mandated", "0002_homes_asked"),)
    operations = (
        migrations.AddField(
            model_name="duty",
            name="school_inquiry",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
    )
