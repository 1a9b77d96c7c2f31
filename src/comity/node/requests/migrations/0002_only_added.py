from django.db import migrations

from comity.node.immutable import only_added


class Migration(migrations.Migration):
    dependencies = [("requests", "0001_initial")]

    operations = [only_added("requests_act")]
