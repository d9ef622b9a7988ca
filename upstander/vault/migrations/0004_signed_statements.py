"""What was signed last of places and teams, so that rows alone move no key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("vault", "0003_two_places"),)
    operations = (
        migrations.CreateModel(
            name="SignedStatement",
            fields=[
                (
                    "subject",
                    models.CharField(max_length=40, primary_key=True, serialize=False),
                ),
                ("counter", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("signature", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
        ),
    )
