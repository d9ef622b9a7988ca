from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_closed_by_two"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="their_home_asked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
