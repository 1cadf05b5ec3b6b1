# a model's relation; code if there is none; two of one name; none
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
! rudder-query: 'm.json' has more than one 'twice'; use one of: model.a.twice or model.b.twice
! rudder-query: 'm.json' has no model 'nosuch'
! rudder-query: model 'raw' is not compiled; run: dbt compile
! rudder-query: 'm.json' has no model 'a_test'
! rudder-query: --dbt needs --model
! rudder-query: more than one model: use only one of a file, -e SQL and -t TABLE
? 64

# files that are not a manifest
$ sqlite3 a.db 'CREATE TABLE t (id INT)'; q() { rudder-query -d sqlite:a.db --dbt m.json --model t; }; q; echo '{"a":1}' >m.json; q; echo '{"nodes":[]}' >m.json; q; echo '{"nodes":{' >m.json; q
! rudder-query: cannot open 'm.json': No such file or directory
! rudder-query: 'm.json' is not a dbt manifest: it has no nodes
! rudder-query: 'm.json' is not a dbt manifest: it has no nodes
! rudder-query: 'm.json' is not JSON: unexpected end of line
? 78

# versions, packages, snapshots, seeds and sources, as of manifests v9 to v13
$ sqlite3 v.db 'CREATE TABLE edges_v1 (a INT)' 'INSERT INTO edges_v1 VALUES (1)' 'CREATE TABLE edges_v2 (a INT)' 'INSERT INTO edges_v2 VALUES (2)' 'CREATE TABLE snap (a INT)' 'INSERT INTO snap VALUES (3)' 'CREATE TABLE seed (a INT)' 'INSERT INTO seed VALUES (4)' 'CREATE TABLE raw_users (a INT)' 'INSERT INTO raw_users VALUES (5)'; cat >v.json; q() { echo "$1: $(rudder-query -d sqlite:v.db --dbt v.json --model "$1" | sed -n 2p)"; }; for m in edges edges.v2 edges.v1 shop.edges shop.edges.v1 model.shop.edges.v1 snap shop.snap colours seed.shop.colours raw.users shop.raw.users source.shop.raw.users preview.v3 other.snap; do q $m; done; for m in preview edge edges.v3 shop.nosuch users both.x; do rudder-query -d sqlite:v.db --dbt v.json --model $m >/dev/null; done
< {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"},
<  "nodes": {
<   "model.shop.edges.v1": {"resource_type": "model", "package_name": "shop", "name": "edges", "version": 1, "latest_version": 2, "relation_name": "\"main\".\"edges_v1\""},
<   "model.shop.edges.v2": {"resource_type": "model", "package_name": "shop", "name": "edges", "version": 2, "latest_version": 2, "relation_name": "\"main\".\"edges_v2\""},
<   "model.shop.preview.v3": {"resource_type": "model", "package_name": "shop", "name": "preview", "version": "3", "latest_version": 2, "relation_name": "\"main\".\"seed\""},
<   "model.both.x": {"resource_type": "model", "package_name": "both", "name": "x", "version": null, "relation_name": "\"main\".\"seed\""},
<   "snapshot.shop.snap": {"resource_type": "snapshot", "package_name": "shop", "name": "snap", "relation_name": "\"main\".\"snap\""},
<   "snapshot.other.snap2": {"resource_type": "snapshot", "package_name": "other", "name": "snap2", "relation_name": "\"main\".\"snap\""},
<   "seed.shop.colours": {"resource_type": "seed", "package_name": "shop", "name": "colours", "relation_name": "\"main\".\"seed\""},
<   "analysis.shop.users": {"resource_type": "analysis", "package_name": "shop", "name": "users", "relation_name": null}
<  },
<  "sources": {
<   "source.shop.raw.users": {"resource_type": "source", "package_name": "shop", "source_name": "raw", "name": "users", "relation_name": "\"main\".\"raw_users\""},
<   "source.shop.both.x": {"resource_type": "source", "package_name": "shop", "source_name": "both", "name": "x", "relation_name": "\"main\".\"raw_users\""}
<  }
< }
> edges: {"a":2}
> edges.v2: {"a":2}
> edges.v1: {"a":1}
> shop.edges: {"a":2}
> shop.edges.v1: {"a":1}
> model.shop.edges.v1: {"a":1}
> snap: {"a":3}
> shop.snap: {"a":3}
> colours: {"a":4}
> seed.shop.colours: {"a":4}
> raw.users: {"a":5}
> shop.raw.users: {"a":5}
> source.shop.raw.users: {"a":5}
> preview.v3: {"a":4}
> other.snap: 
! rudder-query: 'v.json' has no model 'other.snap'
! rudder-query: 'v.json' has no model 'preview'; did you mean 'preview.v3'?
! rudder-query: 'v.json' has no model 'edge'
! rudder-query: 'v.json' has no model 'edges.v3'; did you mean 'edges.v1'?
! rudder-query: 'v.json' has no model 'shop.nosuch'
! rudder-query: 'v.json' has no model 'users'; did you mean 'raw.users'?
! rudder-query: 'v.json' has more than one 'both.x'; use one of: model.both.x or source.shop.both.x
? 78

# what is there is listed, without a source
$ cat >m.json; rudder-query --tables --dbt m.json | grep -v _rudder; rudder-query --tables --dbt m.json --columns | cut -f 1,3 | tr '\n' ' '; echo; echo '{}' >e.json; rudder-query --tables --dbt e.json >/dev/null
< {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "adapter_type": "duckdb"},
<  "nodes": {
<   "model.shop.users": {"resource_type": "model", "package_name": "shop", "name": "users", "config": {"materialized": "incremental", "unique_key": "id"}, "relation_name": "\"shop\".\"main\".\"users\""},
<   "model.shop.edges.v2": {"resource_type": "model", "package_name": "shop", "name": "edges", "version": 2, "latest_version": 2, "config": {"unique_key": ["a", "b\"c"]}, "relation_name": "\"shop\".\"main\".\"edges_v2\""},
<   "test.shop.unique_users_id": {"resource_type": "test", "package_name": "shop", "name": "unique_users_id"},
<   "seed.shop.raw_users": {"resource_type": "seed", "package_name": "shop", "name": "raw_users", "config": {"unique_key": null}, "relation_name": "\"shop\".\"main\".\"raw_users\""}
<  },
<  "sources": {"source.shop.raw.users": {"resource_type": "source", "package_name": "shop", "source_name": "raw", "name": "users", "relation_name": "\"shop\".\"main\".\"users\""}}
< }
> {"name":"users","kind":"model","key":["id"],"definition":"duckdb"}
> {"name":"edges.v2","kind":"model","key":["a","b\"c"],"definition":"duckdb"}
> {"name":"raw_users","kind":"seed","key":null,"definition":"duckdb"}
> {"name":"raw.users","kind":"source","key":null,"definition":"duckdb"}
> name	string kind	string key	array definition	string 
! rudder-query: 'e.json' is not a dbt manifest: it has no nodes
? 78

# unique_key is the key of the rows, unless it is an expression
$ sqlite3 a.db 'CREATE TABLE t (id INT, b TEXT)' "INSERT INTO t VALUES (7, 'x')"; for k in '"id"' '["id","b"]' '[ "b" ]' "\"id || b\"" null '[]'; do echo '{"nodes":{"model.a.t":{"name":"t","relation_name":"t","config":{"unique_key":'"$k"'}}}}' >m.json; rudder-query -d sqlite:a.db --dbt m.json --model t | head -n 1 | grep -o '"key":[^]]*]' || echo none; done; sed 's/\[\]/"id"/' m.json >n.json; rudder-query -d sqlite:a.db --dbt n.json --model t | rudder-diff -s st | sed -n 2p | grep -o '"id":"7"'
> "key":["id"]
> "key":["id","b"]
> "key":["b"]
> none
> none
> none
> "id":"7"
! rudder-query: warning: the key 'id || b' of the source is not a column of the model: use -k with rudder-diff
