"""story.py - a table that changes, synced by Spark, with a task that dies"""

import os
import sys

from pyspark import TaskContext

import sync


def dies_once(i, rows):
    """The worker of part 1 is killed in the middle of its rows, the first time."""
    for n, row in enumerate(rows):
        if i == 1 and n == 20 and TaskContext.get().attemptNumber() == 0:
            os.kill(os.getpid(), 9)
        yield row


def main():
    step, out = sys.argv[1:]
    spark = sync.session()
    df = spark.read.json("table.json").coalesce(2)
    if step == "write":
        df.write.parquet(out)
        return
    lines = sync.parts(df)
    if step == "dies":
        lines = lines.mapPartitionsWithIndex(dies_once, preservesPartitioning=True)
    sync.run(lines)


main()
