# a model's relation; code where there is none; two of one name; none
$ sqlite3 a.db 'CREATE TABLE "dim users" (id INT)' "INSERT INTO \"dim users\" VALUES (7)"; cat >m.json; q() { rudder-query -d sqlite:a.db --dbt m.json "$@"; }; q --model users | sed -n 2p; q --model eph --limit 1 | sed -n 2p; q --model model.b.twice | sed -n 2p; q --model twice; q --model nosuch; q --model raw; q --model a_test; q; q --model users -t users
< {
<  "metadata": {"dbt_schema_version": "v12"},
<  "nodes": {
<   "model.a.users": {"resource_type": "model", "name": "users", "relation_name": "\"main\".\"dim users\"", "compiled_code": "select 0 as id"},
<   "model.a.eph": {"resource_type": "model", "name": "eph", "relation_name": null, "compiled_code": "-- é\nselect 'x;y' as a\nunion all select 'z';\n"},
<   "model.a.twice": {"resource_type": "model", "name": "twice", "relation_name": null, "compiled_code": "select 1 as a"},
<   "model.b.twice": {"resource_type": "model", "name": "twice", "relation_name": null, "compiled_code": "select 2 as b"},
<   "model.a.raw": {"resource_type": "model", "name": "raw", "relation_name": null},
<   "test.a.a_test": {"resource_type": "test", "name": "a_test", "relation_name": null, "compiled_code": "select 1 as a"}
<  }
< }
> {"id":7}
> {"a":"x;y"}
> {"b":2}
! rudder-query: 'm.json' has more than one model 'twice'; say which: model.PACKAGE.twice
! rudder-query: 'm.json' has no model 'nosuch'
! rudder-query: model 'raw' is not compiled; run: dbt compile
! rudder-query: 'm.json' has no model 'a_test'
! rudder-query: --dbt and --model go together
! rudder-query: more than one model: give a file, -e <SQL> or -t <table>
? 64

# files that are no manifest
$ sqlite3 a.db 'CREATE TABLE t (id INT)'; q() { rudder-query -d sqlite:a.db --dbt m.json --model t; }; q; echo '{"a":1}' >m.json; q; echo '{"nodes":[]}' >m.json; q; echo '{"nodes":{' >m.json; q
! rudder-query: cannot open 'm.json': No such file or directory
! rudder-query: 'm.json' is not a manifest of dbt: no nodes
! rudder-query: 'm.json' is not a manifest of dbt: no nodes
! rudder-query: 'm.json' is not JSON: unexpected end of line
? 78
