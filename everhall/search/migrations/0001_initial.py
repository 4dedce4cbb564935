from django.db import migrations, models

from everhall.search.stores import store


def create(apps, schema_editor):
    store(schema_editor.connection.alias).create()


def remove(apps, schema_editor):
    store(schema_editor.connection.alias).remove()


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IndexedDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=64)),
                ("edition", models.CharField(blank=True, max_length=50)),
                ("public", models.BooleanField()),
                ("public_from", models.BigIntegerField()),
                ("digest", models.CharField(max_length=32)),
                ("path", models.CharField(max_length=255)),
                ("picture", models.BigIntegerField(null=True)),
                ("title_zh", models.TextField()),
                ("title_en", models.TextField()),
                ("body_zh", models.TextField()),
                ("body_en", models.TextField()),
            ],
            options={
                "db_table": "search_document",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "key", "edition"), name="search_identity"
                    ),
                ],
            },
        ),
        migrations.RunPython(create, remove),
    ]
