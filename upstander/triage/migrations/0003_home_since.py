from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0002_move"),
    ]

    operations = [
        migrations.AddField(
            model_name="handoff",
            name="home_since",
            field=models.BinaryField(null=True),
        ),
    ]
