// fulljoin.js OLD NEW OUT - what changed between two files of users, by a full
// join in DuckDB on two threads: the peer of rudder-diff.
const { DuckDBInstance } = require('@duckdb/node-api');
const [old, now, out] = process.argv.slice(2);
const columns = `{user_id: 'BIGINT', email: 'VARCHAR', name: 'VARCHAR', plan: 'VARCHAR', mrr: 'DECIMAL(12,2)',
	signup_ts: 'VARCHAR', country: 'VARCHAR', is_active: 'BOOLEAN', last_seen: 'VARCHAR', settings: 'JSON', scores: 'JSON'}`;
const rows = (file) => `read_ndjson('${file}', columns = ${columns})`;
const sql = `COPY (
	SELECT CASE WHEN o.user_id IS NULL THEN 'insert' WHEN n.user_id IS NULL THEN 'delete' ELSE 'update' END AS op,
		coalesce(n.user_id, o.user_id) AS id, n AS data
	FROM ${rows(now)} n FULL JOIN ${rows(old)} o ON n.user_id = o.user_id
	WHERE n.user_id IS NULL OR o.user_id IS NULL OR n IS DISTINCT FROM o
) TO '${out}' (FORMAT JSON)`;

DuckDBInstance.create(':memory:', { threads: '2' })
	.then((db) => db.connect())
	.then((c) => c.run(sql))
	.catch((e) => {
		console.error(e.message);
		process.exit(1);
	});
