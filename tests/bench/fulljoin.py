"""fulljoin.py duckdb|polars|chdb OLD NEW OUT - what changed between two files of users, by a full join.

The peer of rudder-diff. Two threads, as rudder-diff has a second one for its journal.
"""
import os
import sys

tool, old, now, out = sys.argv[1:]
os.environ["POLARS_MAX_THREADS"] = "2"


def by_duckdb():
    import duckdb

    columns = ("{user_id: 'BIGINT', email: 'VARCHAR', name: 'VARCHAR', plan: 'VARCHAR', mrr: 'DECIMAL(12,2)',"
               " signup_ts: 'VARCHAR', country: 'VARCHAR', is_active: 'BOOLEAN', last_seen: 'VARCHAR',"
               " settings: 'JSON', scores: 'JSON'}")
    rows = lambda file: f"read_ndjson('{file}', columns = {columns})"
    duckdb.connect(config={"threads": 2}).execute(f"""COPY (
        SELECT CASE WHEN o.user_id IS NULL THEN 'insert' WHEN n.user_id IS NULL THEN 'delete' ELSE 'update' END AS op,
            coalesce(n.user_id, o.user_id) AS id, n AS data
        FROM {rows(now)} n FULL JOIN {rows(old)} o ON n.user_id = o.user_id
        WHERE n.user_id IS NULL OR o.user_id IS NULL OR n IS DISTINCT FROM o
    ) TO '{out}' (FORMAT JSON)""")


def by_polars():
    import polars as pl

    # the line itself is what is compared: the same work, and no column to convert
    rows = lambda file: pl.read_csv(file, has_header=False, separator="\x01", quote_char=None, new_columns=["line"]) \
        .with_columns(id=pl.col("line").str.extract(r'^\{"user_id":(\d+)', 1))
    both = rows(now).join(rows(old), on="id", how="full", suffix="_old")
    both.filter(pl.col("line").ne_missing(pl.col("line_old"))).write_ndjson(out)


def by_chdb():
    import chdb

    rows = lambda file: f"SELECT extract(line, '^.\"user_id\":([0-9]+)') AS id, line FROM file('{file}', LineAsString)"
    chdb.query(f"""INSERT INTO FUNCTION file('{out}', JSONEachRow)
        SELECT if(o.id = '', 'insert', if(n.id = '', 'delete', 'update')) AS op, if(n.id = '', o.id, n.id) AS id, n.line AS data
        FROM ({rows(now)}) n FULL JOIN ({rows(old)}) o ON n.id = o.id
        WHERE n.line != o.line
        SETTINGS max_threads = 2, engine_file_truncate_on_insert = 1""")


{"duckdb": by_duckdb, "polars": by_polars, "chdb": by_chdb}[tool]()
