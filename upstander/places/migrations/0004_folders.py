"""Folders: what is sealed to some people where there is no tip, and who may see one."""

import uuid
from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("places", "0003_invitations"), ("tips", "0002_walls"))
    operations = (
        migrations.CreateModel(
            name="Folder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("district_id", models.BigIntegerField()),
                ("school_id", models.BigIntegerField(null=True)),
                ("matter_id", models.UUIDField(db_index=True)),
                ("opened_by", models.BigIntegerField()),
                ("opened_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FolderGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("folder_id", models.UUIDField()),
                ("holder", models.CharField(max_length=80)),
                ("key_version", models.PositiveIntegerField()),
                ("blob", models.BinaryField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["holder", "folder_id"], name="folder_of_holder")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("folder_id", "holder"), name="folder_grant_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
