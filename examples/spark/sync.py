#!/usr/bin/env python3
"""sync.py FORMAT TABLE - syncs a table that Spark reads, in parts by key

    spark-submit sync.py parquet s3a://lake/customers
    spark-submit sync.py jdbc 'jdbc:postgresql://wh/shop?user=rudder,customers'

Each part is one task, which runs part.sh with a state of its own. The parts are
those of rudder-query --partition, so a state can go from one to the other."""

import json
import os
import subprocess
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

KEY, PARTS = "id", 8
FOLDER = os.environ.get("FOLDER", os.getcwd()) # on storage that all workers share


def parts(df, n=PARTS):
    """Lines of JSON, each in the partition of its key; rows without one in 0."""
    number = F.conv(F.substring(F.md5(F.col(KEY).cast("string")), 1, 8), 16, 10).cast("long") % n
    # null members are members, and a time keeps its microseconds
    line = F.to_json(F.struct(*(F.col(c) for c in df.columns)), {
        "ignoreNullFields": "false", "timestampFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'"})
    pairs = df.select(F.coalesce(number, F.lit(0)), line).rdd.map(tuple)
    return pairs.partitionBy(n, int)


def control(**members):
    return json.dumps({"_rudder": members}).encode() + b"\n"


def task(i, n, rows):
    """One part. Only when all of its rows came does it get an end line: without one
    nothing is deleted, and the next attempt goes on."""
    env = dict(os.environ, FOLDER=FOLDER)
    pipe = subprocess.Popen(["sh", os.path.join(FOLDER, "part.sh"), str(i)], stdin=subprocess.PIPE, env=env)
    count = 0
    try:
        pipe.stdin.write(control(type="begin", v=1, stream="rows", key=[KEY],
                                 part={"i": i, "n": n, "by": "md5"}))
        for _, line in rows:
            pipe.stdin.write(line.encode() + b"\n")
            count += 1
        pipe.stdin.write(control(type="end", stream="rows", rows=count))
    except BrokenPipeError:
        pass # its exit status tells why
    finally:
        try:
            pipe.stdin.close()
        except BrokenPipeError:
            pass
        status = pipe.wait()
    if status not in (0, 1): # 1: complete, some rows were rejected
        raise RuntimeError("part %d of %d ended with status %d" % (i, n, status))
    yield i, count, status


def run(lines):
    n = lines.getNumPartitions()
    return sorted(lines.mapPartitionsWithIndex(lambda i, rows: task(i, n, rows)).collect())


def session():
    return (SparkSession.builder.appName("rudder").config("spark.sql.session.timeZone", "UTC")
            .config("spark.speculation", "false").getOrCreate())


def main():
    how, table = sys.argv[1:]
    spark = session()
    if how == "jdbc":
        url, name = table.rsplit(",", 1)
        df = spark.read.format("jdbc").options(url=url, dbtable=name).load()
    else:
        df = spark.read.format(how).load(table)
    for i, count, status in run(parts(df)):
        print("part %d: %d rows, status %d" % (i, count, status))


if __name__ == "__main__":
    main()
