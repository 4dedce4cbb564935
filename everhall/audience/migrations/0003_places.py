"""Rooms of channels: a room has its edition, and a session or the name of another place."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("audience", "0002_sample"),
        ("editions", "0002_launch_moment"),
        ("programme", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="room",
            name="edition",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="editions.edition", verbose_name="edition"),
        ),
        migrations.AlterField(
            model_name="room",
            name="session",
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="room", to="programme.session", verbose_name="session"),
        ),
        migrations.AddField(
            model_name="room",
            name="place",
            field=models.CharField(blank=True, default="", editable=False, max_length=60),
            preserve_default=False,
        ),
    ]
