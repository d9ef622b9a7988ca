from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_home_of_each_family"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="maker_home_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="aimed_home_asked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
