from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0003_changes_by_two"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("filed", "filed"),
                    ("opened", "opened"),
                    ("changed", "written down"),
                    ("asked", "change proposed"),
                    ("agreed", "change agreed: it stands"),
                    ("refused", "change not agreed"),
                    ("back", "change taken back"),
                    ("settled", "said who may read it"),
                    ("proposed", "disposal proposed"),
                    ("kept", "disposal not agreed"),
                    ("disposed", "destroyed"),
                ],
                max_length=10,
            ),
        ),
    ]
