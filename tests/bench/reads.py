"""reads.py adbc|connectorx|polars|chdb WHAT [json] - reads rows as other tools do.

The peers of rudder-query. WHAT is the address of a PostgreSQL with a table users, or a
Parquet file. The first two end with an Arrow table in memory, which is what they are
for; with `json` it is written as lines of JSON too, by polars, as rudder-query does.
"""
import os
import sys

tool, what = sys.argv[1:3]
os.environ["POLARS_MAX_THREADS"] = "1"
OUT = "/dev/stdout"


def by_adbc():
    import adbc_driver_postgresql.dbapi as adbc

    with adbc.connect(what) as server, server.cursor() as cursor:
        cursor.execute("SELECT * FROM users")
        return cursor.fetch_arrow_table()


def by_connectorx():
    import connectorx

    return connectorx.read_sql(what, "SELECT * FROM users", return_type="arrow")


def by_chdb():
    import chdb

    rows = chdb.query(f"SELECT * FROM file('{what}') SETTINGS max_threads = 1", "JSONEachRow")
    sys.stdout.buffer.write(rows.bytes())


def by_polars():
    import polars

    polars.read_parquet(what).write_ndjson(OUT)


table = {"adbc": by_adbc, "connectorx": by_connectorx, "polars": by_polars, "chdb": by_chdb}[tool]()
if sys.argv[3:] == ["json"]:
    import polars

    polars.from_arrow(table).write_ndjson(OUT)
