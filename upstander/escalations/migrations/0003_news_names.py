"""News names whom and which alert it is about, where it is about one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("escalations", "0002_storage"),)
    operations = (
        migrations.AddField("news", "person_id", models.BigIntegerField(null=True)),
        migrations.AddField("news", "alert_id", models.UUIDField(null=True)),
        migrations.AlterField(
            "news",
            "kind",
            models.CharField(
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
                ],
                max_length=8,
            ),
        ),
    )
