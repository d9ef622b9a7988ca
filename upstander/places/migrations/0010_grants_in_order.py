"""What was granted to somebody, newest first: a page of it must not read all of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("places", "0009_hats"),)
    operations = (
        migrations.AddIndex(
            model_name="foldergrant",
            index=models.Index(fields=["holder", "-id"], name="grant_of_holder"),
        ),
    )
