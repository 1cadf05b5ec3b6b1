# shellcheck shell=sh disable=SC2154
# drt.sh - a project of drt that sends the table users_few as sync.bench does: sourced by it
#
# Batches of 1,000 events, no limit on the rate.
mkdir -p "$D/drt/syncs" "$D/drt/home/.drt"
cat >"$D/drt/home/.drt/profiles.yml" <<E
bench:
  type: postgres
  host: $PGHOST
  port: ${PGPORT:-5432}
  dbname: $PGDATABASE
  user: $PGUSER
  fetch_size: 10000
E
cat >"$D/drt/drt_project.yml" <<E
name: bench
version: "0.1"
profile: bench
E
cat >"$D/drt/syncs/users.yml" <<E
name: users
model: SELECT user_id, email, name, plan FROM users_few
destination:
  type: rest_api
  url: http://127.0.0.1:$SINK/v1/batch
  method: POST
  headers: {Content-Type: application/json}
  body_mode: batch
  batch_template: '{"batch": [{% for row in rows %}{"type": "identify", "userId": {{ row.user_id | string | tojson }}, "traits": {"email": {{ row.email | tojson }}, "name": {{ row.name | tojson }}, "plan": {{ row.plan | tojson }}}}{% if not loop.last %},{% endif %}{% endfor %}]}'
sync:
  mode: full
  batch_size: 1000
  rate_limit: {requests_per_second: 100000}
E
