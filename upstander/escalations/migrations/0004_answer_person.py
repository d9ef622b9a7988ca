from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0003_page_sent"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="acknowledgement",
            index=models.Index(fields=["person_id", "at"], name="answer_person"),
        ),
    ]
