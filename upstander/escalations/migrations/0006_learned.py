from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0005_turns_and_lines"),
    ]

    operations = [
        migrations.AlterField(
            model_name="news",
            name="kind",
            field=models.CharField(
                choices=[
                    ("wrote", "the reporter wrote"),
                    ("assessed", "its priority changed"),
                    ("barred", "somebody is kept from it"),
                    ("returned", "it is the center's again"),
                    ("woken", "what was set aside is a matter of life"),
                    ("let_go", "whoever had it left"),
                    ("left", "somebody who was asked left"),
                    ("closed", "it was closed"),
                    ("briefed", "police have read every brief of it"),
                    ("reopened", "it was closed and is open again"),
                    ("learned", "the center learned what whoever has it must know"),
                ],
                max_length=8,
            ),
        ),
    ]
