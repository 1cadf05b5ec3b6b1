#!/bin/sh
# exposures.sh - the syncs as exposures of dbt, so that its lineage goes on to
# the destinations: write it to models/rudder_exposures.yml and run dbt docs.
set -eu
echo 'version: 2'
echo 'exposures:'
for f in syncs/*.yaml; do
	model=$(sed -n 's/^dbt:.*model: *\([A-Za-z0-9_.]*\).*/\1/p' "$f")
	[ -n "$model" ] || continue
	name=$(basename "$f" .yaml)
	cat <<-EOT
	  - name: rudder_$name
	    label: "rudder: $name"
	    type: application
	    maturity: high
	    owner: {name: data, email: data@example.com}
	    depends_on: [ref('$model')]
	    description: "$(sed -n 's/^description: *//p' "$f")"
	EOT
done
