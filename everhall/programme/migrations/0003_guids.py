import uuid

from django.db import migrations, models


def name_rows(apps, schema_editor):
    """Every row gets a guid of its own; a default would give all of them the same."""
    for name in ("Session", "Person"):
        model = apps.get_model("programme", name)
        rows = list(model.objects.filter(guid=None).only("pk"))
        for row in rows:
            row.guid = uuid.uuid4()
        model.objects.bulk_update(rows, ["guid"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [("programme", "0002_activity_opens_with_launch")]

    operations = [
        migrations.AddField("session", "guid", models.UUIDField(null=True, editable=False)),
        migrations.AddField("person", "guid", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(name_rows, migrations.RunPython.noop),
    ]
