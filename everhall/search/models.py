"""The table of everything that can be found. The index over it is made by `stores`."""

from django.db import models


class IndexedDocument(models.Model):
    """What is needed to filter and to show a hit. Small columns first: SQLite reads a row from
    its beginning, and filters look at these only. Times are seconds since 1970, alike everywhere.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    edition = models.CharField(max_length=50, blank=True)
    public = models.BooleanField()
    public_from = models.BigIntegerField()
    digest = models.CharField(max_length=32)
    path = models.CharField(max_length=255)
    picture = models.BigIntegerField(null=True)
    title_zh = models.TextField()
    title_en = models.TextField()
    body_zh = models.TextField()
    body_en = models.TextField()

    class Meta:
        db_table = "search_document"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "edition"], name="search_identity"),
        ]

    def __str__(self):
        return self.title_zh or self.title_en
