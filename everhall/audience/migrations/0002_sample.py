from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='guest',
            name='is_sample',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='poll',
            name='is_sample',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='room',
            name='is_sample',
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
