import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("register", "0001_initial"),)
    operations = (
        migrations.AddField(
            model_name="disclosure",
            name="left_out",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("agrees", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                (
                    "disclosure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="register.disclosure"
                    ),
                ),
            ],
        ),
    )
