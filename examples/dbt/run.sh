#!/bin/sh
# After `dbt build`: the sync reads a model by dbt's manifest, and the syncs
# become exposures in dbt's lineage.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs_rudder run
warehouse
# what `dbt build` leaves: the table of the model, and target/manifest.json
sqlite3 shop.db 'CREATE TABLE dim_customers AS SELECT id, email, name, plan FROM customers WHERE consent'

title 'dbt build && rudder run'
rudder run
jq -c '[.action, .identifiers.email, .fields.plan]' crm.ndjson
expect 'records' 2 "$(wc -l <crm.ndjson)"

title 'The syncs as exposures'
mkdir models
sh exposures.sh | tee models/rudder_exposures.yml
grep -q "depends_on: \[ref('dim_customers')\]" models/rudder_exposures.yml
grep -q 'description: "Customers in the CRM"' models/rudder_exposures.yml
