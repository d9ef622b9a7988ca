"""A talk, which the center keeps to itself, and by which ground others have it."""

from django.db import migrations, models
from django.db.models import Q

from upstander.tips.states import Ground


class Migration(migrations.Migration):
    dependencies = (("matters", "0002_storage"), ("tips", "0005_adultlink_alter_tip_channel"))
    operations = (
        migrations.AddField("tip", "to_talk", models.BooleanField(default=False, db_default=False)),
        migrations.AddField(
            "tip",
            "shared_for",
            models.CharField(
                max_length=6, choices=Ground.choices, blank=True, default="", db_default=""
            ),
        ),
        migrations.AddConstraint(
            "tip",
            models.CheckConstraint(
                condition=Q(shared_for="") | Q(to_talk=True), name="tip_ground_of_talk"
            ),
        ),
        migrations.AddConstraint(
            "tip",
            models.CheckConstraint(
                condition=~Q(to_talk=True, shared_for="", state="handed_off"),
                name="tip_talk_stays",
            ),
        ),
        migrations.AddIndex(
            "tip",
            models.Index(
                fields=["center_id"],
                condition=Q(to_talk=True, junk=False) & ~Q(state="closed"),
                name="tip_talks",
            ),
        ),
    )
