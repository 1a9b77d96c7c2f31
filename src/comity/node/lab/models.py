"""The laboratory's tables: offers, queries, hits to be judged, who saw or judged what, false pairs, laboratories.

Opinions and outcomes are acts of the dossier; the rows here only find them, keep two people apart, and count a day.
"""

from __future__ import annotations

from django.db import models


class Offer(models.Model):
    """What this state lets a partner compare: decided by a person, replaced by a newer one, never changed."""

    id = models.UUIDField(primary_key=True)
    partner = models.CharField(max_length=2, db_index=True)
    takes = models.JSONField(default=list)
    searches = models.JSONField(default=list)
    purposes = models.JSONField(default=list)
    rules = models.JSONField(default=list)
    quota = models.IntegerField()
    authority = models.CharField(max_length=200)
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, default=None)

    class Meta:
        db_table = "lab_offer"


class Asked(models.Model):
    """A partner's query that came in; ``act`` is its digest, ``answer`` that of the answer, empty until it is given."""

    dossier = models.CharField(max_length=64, primary_key=True)
    partner = models.CharField(max_length=2)
    act = models.CharField(max_length=64)
    profiles = models.IntegerField()
    came_at = models.DateTimeField()
    answer = models.CharField(max_length=64, blank=True, default="", db_index=True)
    counted = models.IntegerField(default=0)
    answered_on = models.DateField(null=True, default=None)

    class Meta:
        db_table = "lab_asked"
        indexes = [models.Index(fields=["partner", "answered_on"])]


class HitRow(models.Model):
    """A hit this state judges. ``id`` is all an expert learns of where it comes from, and not which state asked.

    ``side`` is issuing for a hit of our own query, executing for one in our answer; ``outcome`` is what we told.
    """

    id = models.UUIDField(primary_key=True)
    side = models.CharField(max_length=9, default="issuing")
    dossier = models.CharField(max_length=64, db_index=True)
    query = models.CharField(max_length=64)
    reference = models.CharField(max_length=64)
    fit = models.BooleanField()
    outcome = models.CharField(max_length=14, blank=True, default="")
    report = models.CharField(max_length=64, blank=True, default="")
    draft = models.CharField(max_length=40, blank=True, default="")
    came_at = models.DateTimeField()

    class Meta:
        db_table = "lab_hit"
        constraints = [models.UniqueConstraint(fields=["dossier", "query", "reference"], name="lab_hit_once")]


class Opinion(models.Model):
    """That a person gave the opinion number ``turn`` on a hit; what it says is in the act."""

    hit = models.ForeignKey(HitRow, on_delete=models.PROTECT, related_name="opinions")
    turn = models.IntegerField()
    username = models.CharField(max_length=80)
    act = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "lab_opinion"
        constraints = [
            models.UniqueConstraint(fields=["hit", "turn"], name="lab_opinion_turn"),
            models.UniqueConstraint(fields=["hit", "username"], name="lab_opinion_person"),
        ]


class Sight(models.Model):
    """That a person saw a comparison with its case; from then on that person is blind to none of its hits."""

    dossier = models.CharField(max_length=64)
    username = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        db_table = "lab_sight"
        constraints = [models.UniqueConstraint(fields=["dossier", "username"], name="lab_sight_once")]


class FalsePair(models.Model):
    """A pair reported to be no match: the digest of the asking profile's loci and the reference it met.

    ``found`` is the digest of the loci of the profile that was met, by which the pair is known again under another
    reference, and when the two states ask each other the other way round.
    """

    partner = models.CharField(max_length=2)
    profile = models.CharField(max_length=64)
    reference = models.CharField(max_length=64)
    found = models.CharField(max_length=64, blank=True, default="", db_index=True)
    dossier = models.CharField(max_length=64)
    act = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "lab_false_pair"
        constraints = [models.UniqueConstraint(fields=["partner", "profile", "reference"], name="lab_false_pair_once")]


class LaboratoryRow(models.Model):
    """A laboratory as its head stated it: replaced by a newer statement, never changed."""

    id = models.UUIDField(primary_key=True)
    authority = models.CharField(max_length=200, db_index=True)
    name = models.CharField(max_length=200)
    standard = models.CharField(max_length=300, blank=True, default="")
    number = models.CharField(max_length=300, blank=True, default="")
    body = models.CharField(max_length=300, blank=True, default="")
    scope = models.CharField(max_length=300, blank=True, default="")
    valid_until = models.DateField(null=True, default=None)
    methods = models.JSONField(default=list)
    stated_by = models.CharField(max_length=200)
    stated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, default=None)

    class Meta:
        db_table = "lab_laboratory"
