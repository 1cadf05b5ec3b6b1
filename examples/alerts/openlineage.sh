#!/bin/sh
# openlineage.sh - an event of OpenLineage for each run: the model is its input, the
# destination its output.
set -eu
jq -c '{
	eventType: (if .status == 0 then "COMPLETE" else "FAIL" end),
	eventTime: .ended,
	run: {runId: (.destinations[0].run.attempt | "\(.[0:8])-\(.[8:12])-4\(.[13:16])-8\(.[17:20])-\(.[20:32])")},
	job: {namespace: "rudder", name: .sync},
	inputs: [{namespace: "warehouse", name: .sync,
		inputFacets: {dataQualityMetrics: {rowCount: .destinations[0].run.rows}}}],
	outputs: [.destinations[] | {namespace: "rudder", name: (.name // .state),
		outputFacets: {outputStatistics: {rowCount: .run.succeeded}}}],
	producer: "https://example.com/rudder", schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json"
}' | curl -sf -H 'Content-Type: application/json' --data-binary @- "$OPENLINEAGE_URL/api/v1/lineage"
