"""All against all on PySpark: the same join, spread over workers.

The driver hands out numbers of parts; each worker maps both databases' files (the same folder on every machine, as on
a shared file system) and runs `comity.forensics.dna.index.join.hits` on its part of the one side inside `mapInArrow`.
Only places of hits travel back, and the driver states each comparison again from the two profiles, so that what is
reported is what the embedded engine reports.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from comity.forensics.dna.compare import compare
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.join import Part, hits
from comity.forensics.dna.index.search import Match
from comity.forensics.dna.rules import RuleSet
from comity.forensics.errors import EngineError, RuleError

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyspark.sql import Row, SparkSession

    Work = Callable[[Iterator[RecordBatch]], Iterator[RecordBatch]]

__all__ = ["join", "session"]

PARTS = 1
"""Parts a worker gets: each prepares the other side once more, and every n-th profile makes them even as they are."""
_PLACES = "a_segment int, a_row long, b_segment int, b_row long"


def session(workers: int) -> SparkSession:
    """Return a session on this machine with ``workers`` workers, unless ``SPARK_MASTER`` names a cluster's master."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession as Session
    except ModuleNotFoundError as error:
        raise EngineError("PySpark is not installed.", remedy="Install comity[spark].") from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    master = os.environ.get("SPARK_MASTER", f"local[{workers}]")
    builder = Session.builder.master(master).appName("comity-dna").config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.log.level", "ERROR")
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise EngineError(
            f"Spark does not start: {error}.",
            cause="Java is missing, or is older than 17.",
            remedy="Install a Java runtime of version 17 or later, or use --engine embedded.",
        ) from error


def join(
    one: Database, two: Database, rules: RuleSet, *, since: int = 0, workers: int = 2
) -> Iterator[tuple[str, Match]]:
    """Yield what `comity.forensics.dna.index.join.join` yields, in another order."""
    if rules.empty or rules.match is None:
        raise RuleError(f"{rules.title}: nothing can be matched under it.", cause="It has no match rule.")
    spark = session(workers)
    parts = max(workers, spark.sparkContext.defaultParallelism) * PARTS
    work = _worker(one.folder.resolve(), two.folder.resolve(), rules, since, parts)
    found = _collected(spark, work, parts)
    ours, theirs = one.segments, two.segments
    for a_segment, a_row, b_segment, b_row in sorted(tuple(row) for row in found):
        query, other = ours[a_segment].living(a_row), theirs[b_segment].living(b_row)
        if query is None or other is None:
            continue
        yield query.id, Match(other.id, other.category, compare(query, other, rules))


def _collected(spark: SparkSession, work: Work, parts: int) -> list[Row]:
    from pyspark.errors import PySparkException

    try:
        return spark.range(0, parts, 1, parts).mapInArrow(work, _PLACES).collect()
    except PySparkException as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise EngineError(
            f"The work on Spark failed: {first}",
            cause="A worker does not reach the databases' folders, lacks Comity, or ran out of memory.",
            remedy="Put both databases where every worker finds them under the same path, or use --engine embedded.",
        ) from error


def _worker(one: Path, two: Path, rules: RuleSet, since: int, parts: int) -> Work:
    def work(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
        import pyarrow as pa

        names = ("a_segment", "a_row", "b_segment", "b_row")
        schema = pa.schema(list(zip(names, (pa.int32(), pa.int64(), pa.int32(), pa.int64()), strict=True)))
        for batch in batches:
            for number in batch.column(0).to_pylist():
                found = hits(Database.open(one), Database.open(two), rules, since=since, part=Part(number, parts))
                places = [(*hit.ours, *hit.theirs) for hit in found]
                columns = zip(*places, strict=True) if places else ((), (), (), ())
                arrays = [pa.array(each, type=kind.type) for each, kind in zip(columns, schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return work
