from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0007_newcomer"),
    ]

    operations = [
        migrations.CreateModel(
            name="TakenBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("folder_id", models.UUIDField()),
                ("holder", models.CharField(max_length=80)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
