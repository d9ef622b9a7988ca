"""Invitations that carry keys, and the functions by which people come, change and leave."""

import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import upstander.vault.fields

ROLES = [
    ("counselor", "counselor"),
    ("center_supervisor", "center supervisor"),
    ("team_member", "school team member"),
    ("team_lead", "team lead"),
    ("district_lead", "district lead"),
    ("administrator", "system administrator"),
]


class Migration(migrations.Migration):
    dependencies = (
        ("places", "0002_walls"),
        ("vault", "0002_sealedkey_proof"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.AddField(
            model_name="team",
            name="renew_key_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.CharField(choices=ROLES, max_length=20)),
                ("email", models.EmailField(max_length=254)),
                ("name", upstander.vault.fields.SealedTextField(blank=True, default="")),
                ("phone", upstander.vault.fields.SealedTextField(blank=True, default="")),
                ("language", models.CharField(default="en", max_length=8)),
                ("reachable_at_night", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("link_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                ("wrapped", models.BinaryField(null=True)),
                ("signature", models.BinaryField(null=True)),
                ("misses", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="places.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_at__isnull", True)),
                        fields=("team", "email"),
                        name="one_open_invitation",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
