"""The target of a Singer pipe: sends records as sync.bench does, by singer-sdk, in batches of 1,000."""
import json, os, urllib.request
from singer_sdk import Target
from singer_sdk.sinks import BatchSink
from singer_sdk.typing import PropertiesList

url = f"http://127.0.0.1:{os.environ['SINK']}/v1/batch"


class Batches(BatchSink):
    max_size = 1000

    def process_batch(self, context):
        batch = [{"type": "identify", "userId": str(r["user_id"]),
                  "traits": {k: r[k] for k in ("email", "name", "plan")}} for r in context["records"]]
        body = json.dumps({"batch": batch}).encode()
        urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"})).read()


class TargetSink(Target):
    name = "target-sink"
    config_jsonschema = PropertiesList().to_dict()
    default_sink_class = Batches


TargetSink.cli()
