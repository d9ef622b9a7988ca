from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_storage"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="their_home_asked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
