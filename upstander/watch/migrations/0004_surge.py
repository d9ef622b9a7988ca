from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("watch", "0003_signed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="trouble",
            name="kind",
            field=models.CharField(
                choices=[
                    ("lane", "a sweep has stopped"),
                    ("queue", "what is due is not being done"),
                    ("provider", "a provider does not deliver"),
                    ("probe", "the synthetic tip did not get through"),
                    ("site", "a site does not answer"),
                    ("record", "the record is not as it should be"),
                    ("keys", "the shred key file is not as it should be"),
                    ("signed", "places, teams or keys are not as they were signed"),
                    ("surge", "very many life-safety tips wait"),
                ],
                max_length=10,
            ),
        ),
    ]
