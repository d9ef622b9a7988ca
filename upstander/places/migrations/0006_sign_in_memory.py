from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0005_sealed_editions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInMemory",
            fields=[
                ("name", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires_at", models.DateTimeField()),
            ],
        ),
        # For minutes, and never in a log of changes or a backup.
        migrations.RunSQL(
            "ALTER TABLE places_signinmemory SET UNLOGGED",
            "ALTER TABLE places_signinmemory SET LOGGED",
        ),
    ]
