"""Every room has an edition, and is in one place."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("audience", "0004_editions_of_rooms")]

    operations = [
        migrations.AlterField(
            model_name="room",
            name="edition",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="editions.edition", verbose_name="edition"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(condition=models.Q(("place", ""), _negated=True), fields=("place",), name="one_room_in_a_place"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.CheckConstraint(condition=models.Q(("session__isnull", True), ("place", ""), _connector="XOR"), name="room_in_one_place"),
        ),
    ]
