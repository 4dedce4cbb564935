"""Rooms take the editions of their sessions. Alone, because PostgreSQL alters no table that has just been written."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def take_editions(apps, schema_editor):
    room, session = apps.get_model("audience", "Room"), apps.get_model("programme", "Session")
    edition = session.objects.filter(pk=OuterRef("session")).values("edition")[:1]
    room.objects.filter(edition=None).update(edition=Subquery(edition))


class Migration(migrations.Migration):

    dependencies = [("audience", "0003_places")]

    operations = [migrations.RunPython(take_editions, migrations.RunPython.noop)]
