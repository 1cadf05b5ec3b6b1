# rejected: accept: the commit counts what the map rejected as done, in rudder run too
$ printf 'id,n\n1,x\n' >rows.csv; printf '%s\n' 'version: 1' 'source: csv:rows.csv' 'key: id' 'mode: upsert' 'rejected: accept' 'mapping: {type: identify, user_id: id, fields: {n: {cast: number}}}' 'destination: "null:"' >s.yaml; rudder run -q s.yaml 2>err; echo $?; rudder run --print s.yaml >p; sh p 2>err; echo $?; rudder-diff --runs -s state/s | jq -c '[.status, .rejected]'
> 0
> 0
> [0,1]
> [0,0]
