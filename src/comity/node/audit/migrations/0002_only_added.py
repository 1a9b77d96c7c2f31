from django.db import migrations

from comity.node.immutable import only_added


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [only_added("audit_entry", "audit_leaf")]
