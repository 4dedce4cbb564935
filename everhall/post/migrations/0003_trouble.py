"""What kept a letter from being sent, so that the desk can say it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("post", "0002_late_letters")]

    operations = [
        migrations.AddField(
            model_name="letter", name="trouble", field=models.CharField(blank=True, default="", max_length=5)
        ),
    ]
