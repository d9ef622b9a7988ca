"""The directory becomes one of records by the field's standard; what stood there moves over.

What a release before this one kept of a service goes into its record, with the day on which and the
person by whom it was confirmed or doubted. Rows bear the ids that the State's file gives them.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import date, time

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.apps.registry import Apps
from django.db import connection, migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import MD5, Cast

import upstander.states.folders
from upstander.directory.facts import ContactFact, Hours, ServiceFacts
from upstander.directory.records import id_of, record_of

_ASIDE = """
CREATE TEMPORARY TABLE directory_before ON COMMIT DROP AS SELECT s.*,
    (SELECT coalesce(json_agg(l ORDER BY l.position, l.id), '[]')
        FROM directory_contactline l WHERE l.service_id = s.id) AS lines,
    (SELECT coalesce(json_agg(h ORDER BY h.weekday, h.opens, h.id), '[]')
        FROM directory_openinghours h WHERE h.service_id = s.id) AS hours
FROM directory_service s
"""


def _before() -> Iterator[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(b) FROM directory_before b ORDER BY id")
        for (row,) in cursor.fetchall():
            yield json.loads(row) if isinstance(row, str) else row


def _facts(row: dict) -> ServiceFacts:
    return ServiceFacts(
        slug=row["slug"],
        kind=row["kind"],
        agency=row["agency"],
        texts=row["texts"],
        languages=tuple(row["languages"]),
        mandated_reporter=row["mandated_reporter"],
        police=row["police"],
        source_url=row["source_url"],
        confirmed=row["confirmed"],
        checked_on=row["checked_on"],
        listed=row["listed"],
        lines=tuple(
            ContactFact(x["kind"], x["value"], x["then"], x["language"]) for x in row["lines"]
        ),
        hours=tuple(
            Hours(
                always=x["always"],
                weekday=x["weekday"],
                opens=time.fromisoformat(x["opens"]) if x["opens"] else None,
                closes=time.fromisoformat(x["closes"]) if x["closes"] else None,
                effective_from=date.fromisoformat(x["effective_from"])
                if x["effective_from"]
                else None,
                effective_to=date.fromisoformat(x["effective_to"]) if x["effective_to"] else None,
                time_zone=x["time_zone"],
                on_holidays=x["on_holidays"],
            )
            for x in row["hours"]
        ),
    )


def _over(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    Service = apps.get_model("directory", "Service")
    Organization = apps.get_model("directory", "Organization")
    for row in _before():
        who = id_of(row["state"], "organization", row["agency"])
        own = id_of(row["state"], "service", row["slug"])
        Organization.objects.get_or_create(
            id=who,
            defaults={
                "name": row["agency"],
                "record": {"id": str(who), "name": row["agency"], "description": row["agency"]},
            },
        )
        Service.objects.create(
            id=own,
            slug=row["slug"],
            state=row["state"],
            district_id=row["district_id"],
            organization_id=who,
            kind=row["kind"],
            position=row["position"],
            record=record_of(_facts(row), service=own, organization=who),
            confidential=row["kind"] in ("domestic_violence", "sexual_assault"),
            confirmed=row["confirmed"],
            assured_on=row["checked_on"],
            assured_by=row["checked_by"],
            listed=row["listed"],
        )
    # Whoever put them there had read them; nothing came in from elsewhere before this release.
    read = MD5(Cast("record", models.TextField()))
    for model in (Service, Organization):
        model.objects.update(read_mark=read, withheld=False)
    with connection.cursor() as cursor:
        # Tables with checks to come can't be changed further in this transaction.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_services_of_a_state"),
    ]

    operations = [
        migrations.RunSQL(_ASIDE),
        migrations.DeleteModel(name="ContactLine"),
        migrations.DeleteModel(name="OpeningHours"),
        migrations.DeleteModel(name="Service"),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("record", models.JSONField()),
                ("confidential", models.BooleanField(default=False)),
                ("read_mark", models.CharField(blank=True, default="", max_length=32)),
                ("withheld", models.BooleanField(default=True, editable=False)),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.expressions.RawSQL(
                            "record ->> 'id' = id::text", (), output_field=models.BooleanField()
                        ),
                        name="organization_record_is_its_own",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.expressions.RawSQL(
                            "record - '{locations}'::text[] = record",
                            (),
                            output_field=models.BooleanField(),
                        ),
                        name="organization_without_locations",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record", models.JSONField()),
                ("confidential", models.BooleanField(default=False)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="locations",
                        to="directory.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("record", models.JSONField()),
                ("confidential", models.BooleanField(default=False)),
                ("read_mark", models.CharField(blank=True, default="", max_length=32)),
                ("withheld", models.BooleanField(default=True, editable=False)),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                (
                    "state",
                    models.CharField(
                        default=upstander.states.folders.the_only_state, max_length=15
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("emergency", "emergency"),
                            ("crisis", "crisis and suicide"),
                            ("abuse_report", "child abuse and neglect"),
                            ("domestic_violence", "violence at home or by a partner"),
                            ("sexual_assault", "sexual harm"),
                            ("reporting", "school safety report"),
                            ("information", "food, housing and other help"),
                            ("legal", "legal help"),
                        ],
                        max_length=20,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100)),
                ("confirmed", models.BooleanField(default=False)),
                ("assured_on", models.DateField(blank=True, null=True)),
                ("assured_by", models.BigIntegerField(blank=True, null=True)),
                ("listed", models.BooleanField(default=True)),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="places.district",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="directory.organization",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "slug"),
            },
        ),
        migrations.CreateModel(
            name="ServiceAtLocation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("record", models.JSONField()),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="directory.location",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="at_locations",
                        to="directory.service",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Taxonomy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("record", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.expressions.RawSQL(
                            "record ->> 'id' = id::text", (), output_field=models.BooleanField()
                        ),
                        name="taxonomy_record_is_its_own",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxonomyTerm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=80)),
                ("confidential", models.BooleanField(default=False)),
                ("record", models.JSONField()),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="narrower",
                        to="directory.taxonomyterm",
                    ),
                ),
                (
                    "taxonomy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="directory.taxonomy",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.RawSQL(
                    "record ->> 'id' = id::text", (), output_field=models.BooleanField()
                ),
                name="location_record_is_its_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidential", False),
                    models.Q(
                        ("latitude__isnull", True),
                        ("longitude__isnull", True),
                        django.db.models.expressions.RawSQL(
                            "record - 'id' = '{\"location_type\": \"virtual\"}'",
                            (),
                            output_field=models.BooleanField(),
                        ),
                    ),
                    _connector="OR",
                ),
                name="location_confidential_is_nowhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.RawSQL(
                    "record ->> 'id' = id::text", (), output_field=models.BooleanField()
                ),
                name="service_record_is_its_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.RawSQL(
                    "record - '{organization,program,service_at_locations}'::text[] = record",
                    (),
                    output_field=models.BooleanField(),
                ),
                name="service_stands_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed", False), ("assured_on__isnull", False), _connector="OR"
                ),
                name="service_confirmed_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidential", True),
                    models.Q(
                        ("kind", "domestic_violence"),
                        ("kind", "sexual_assault"),
                        _connector="OR",
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="service_of_violence_confidential",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceatlocation",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.RawSQL(
                    "record ->> 'id' = id::text", (), output_field=models.BooleanField()
                ),
                name="service_at_location_record_is_its_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceatlocation",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.RawSQL(
                    "record - '{location}'::text[] = record", (), output_field=models.BooleanField()
                ),
                name="service_at_location_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxonomyterm",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.RawSQL(
                    "record ->> 'id' = id::text", (), output_field=models.BooleanField()
                ),
                name="taxonomy_term_record_is_its_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxonomyterm",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.RawSQL(
                    "record - '{taxonomy_detail}'::text[] = record",
                    (),
                    output_field=models.BooleanField(),
                ),
                name="taxonomy_term_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxonomyterm",
            constraint=models.UniqueConstraint(fields=("taxonomy", "code"), name="term_code_once"),
        ),
        migrations.RunPython(_over),
    ]
