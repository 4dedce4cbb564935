from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programme', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='activity',
            name='opens_with_launch',
            field=models.BooleanField(default=False, help_text="Nobody sees it before the moment of the edition's launch; the embargo is set by the ceremony.", verbose_name='opens with the launch'),
        ),
    ]
