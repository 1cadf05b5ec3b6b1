"""Sends the table users_few as sync.bench does, by dlt: a custom destination with batches of 1,000."""
import json, os, urllib.request
import dlt
from dlt.sources.sql_database import sql_table

url = f"http://127.0.0.1:{os.environ['SINK']}/v1/batch"


@dlt.destination(batch_size=1000, name="sink", naming_convention="direct", max_table_nesting=0)
def sink(items, table):
    batch = [{"type": "identify", "userId": str(r["user_id"]),
              "traits": {k: r[k] for k in ("email", "name", "plan")}} for r in items.to_pylist()]
    body = json.dumps({"batch": batch}).encode()
    urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"})).read()


host = os.environ["PGHOST"]
user = os.environ.get("PGUSER") or os.getlogin()
dsn = f"postgresql+psycopg2://{user}@/{os.environ.get('PGDATABASE', 'postgres')}?host={host}&port={os.environ.get('PGPORT', '5432')}"
rows = sql_table(credentials=dsn, table="users_few", included_columns=["user_id", "email", "name", "plan"],
                 backend="pyarrow", chunk_size=50000)
pipeline = dlt.pipeline("bench", destination=sink, pipelines_dir=os.environ["D"] + "/dlt", dev_mode=True)
pipeline.run(rows, table_name="users")
