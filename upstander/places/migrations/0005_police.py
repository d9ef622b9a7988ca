"""Police contacts: a kind of team with the least view."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("places", "0004_folders"), ("audit", "0002_guards"))
    operations = (
        migrations.AlterField(
            model_name="team",
            name="kind",
            field=models.CharField(
                choices=[
                    ("center", "crisis center"),
                    ("school", "school team"),
                    ("district", "district office"),
                    ("administration", "system administration"),
                    ("police", "police contacts"),
                ],
                max_length=16,
            ),
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name="role",
                field=models.CharField(
                    choices=[
                        ("counselor", "counselor"),
                        ("center_supervisor", "center supervisor"),
                        ("team_member", "school team member"),
                        ("team_lead", "team lead"),
                        ("district_lead", "district lead"),
                        ("administrator", "system administrator"),
                        ("officer", "police contact"),
                    ],
                    max_length=20,
                ),
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
                        kind="school",
                        school__isnull=False,
                        district__isnull=False,
                        center__isnull=True,
                    )
                    | models.Q(
                        kind__in=("district", "police"),
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
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
