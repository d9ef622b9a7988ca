"""Outside monitors: a kind of team whose view of a district ends by itself."""

from pathlib import Path

from django.db import migrations, models

KINDS = [
    ("center", "crisis center"),
    ("school", "school team"),
    ("district", "district office"),
    ("administration", "system administration"),
    ("police", "police contacts"),
    ("office", "office for mandated reports"),
    ("staff", "school staff"),
    ("monitor", "outside monitor"),
]
ROLES = [
    ("counselor", "counselor"),
    ("center_supervisor", "center supervisor"),
    ("team_member", "school team member"),
    ("team_lead", "team lead"),
    ("district_lead", "district lead"),
    ("administrator", "system administrator"),
    ("officer", "police contact"),
    ("head_of_school", "head of school"),
    ("designee", "designee of the head of school"),
    ("compliance_lead", "compliance lead"),
    ("superintendent", "superintendent"),
    ("board_chair", "chair of the board"),
    ("staff_member", "member of staff"),
    ("staff_lead", "keeper of the staff list"),
    ("monitor", "outside monitor"),
]


class Migration(migrations.Migration):
    dependencies = (("places", "0007_holds"), ("audit", "0006_sealing_walls"))
    operations = (
        migrations.AddField(
            model_name="membership", name="until", field=models.DateTimeField(null=True)
        ),
        migrations.AlterField(
            model_name="team", name="kind", field=models.CharField(choices=KINDS, max_length=16)
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name="role",
                field=models.CharField(choices=ROLES, max_length=20),
            )
            for model in ("membership", "invitation")
        ),
        migrations.RemoveConstraint(model_name="team", name="team_belongs_to_one_place"),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                name="team_belongs_to_one_place",
                condition=(
                    models.Q(
                        kind="center",
                        center__isnull=False,
                        district__isnull=True,
                        school__isnull=True,
                    )
                    | models.Q(
                        kind__in=("school", "staff"),
                        school__isnull=False,
                        district__isnull=False,
                        center__isnull=True,
                    )
                    | models.Q(kind="office", district__isnull=False, center__isnull=True)
                    | models.Q(
                        kind__in=("district", "police", "monitor"),
                        district__isnull=False,
                        school__isnull=True,
                        center__isnull=True,
                    )
                    | models.Q(
                        kind="administration",
                        center__isnull=True,
                        district__isnull=True,
                        school__isnull=True,
                    )
                ),
            ),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
