# run.sh - rudder run: one file, one command; the same pipeline by --print;
# several destinations, several syncs, hooks, signals, what is refused
. "$TOP/tests/tool/lib.sh"

mkdir syncs
printf 'id,plan\n1,a\n2,b\n3,c\n' >users.csv
# sync NAME [LINES]: a sync file with these lines beside the usual ones
sync() {
	{
		printf 'version: 1\nsource: csv:users.csv\nkey: id\nmode: mirror\n'
		printf 'mapping: {type: identify, user_id: id, columns: [plan], deletes: skip}\n'
		cat
	} >"syncs/$1.yaml"
}
pending() { rudder-diff --status -s "$1" | jq -c '[.keys, .pending]'; }

# one sync, once, and again with nothing to do
echo 'destination: file:users.ev' | sync users
status 0 rudder run syncs/users.yaml
is '' "$(cat err)" 'messages'
is '3 [3,0]' "$(wc -l <users.ev) $(pending state/users)" 'after the first run'
status 0 rudder run
is 3 "$(wc -l <users.ev)" 'nothing to do'
status 0 rudder run -v
says 'rudder run: users: nothing changed (3 rows)'

# what is printed is what is run
rudder run --print >printed
cat >wanted <<'END'
rudder-query --source csv:users.csv |
    rudder-diff --state state/users --key id --mode mirror |
    rudder-map --mapping syncs/users.yaml |
    rudder-send --dest file:users.ev |
    rudder-diff --commit --state state/users
END
diff wanted printed || fail 'the pipeline'
echo 4,d >>users.csv
sh printed || fail "printed: $?"
is 4 "$(wc -l <users.ev)" 'by the printed pipeline'
status 0 rudder run
is 4 "$(wc -l <users.ev)" 'it is one state'

# from elsewhere the paths are the same
mkdir elsewhere
(
	cd elsewhere
	rudder run ../syncs/users.yaml 2>../err
	rudder run --print ../syncs/users.yaml >../printed
) || fail "from elsewhere: $(cat err)"
is '' "$(ls elsewhere)" 'files in the wrong folder'
is '(cd .. &&' "$(head -n 1 printed)" 'print from elsewhere'
(cd elsewhere && sh ../printed) || fail "printed from elsewhere: $?"
is 4 "$(wc -l <users.ev)" 'nothing to do from elsewhere'
# also where the tools are found by a PATH that is true there only
ln -s "$(dirname "$(command -v rudder)")" tools
(
	cd elsewhere
	# shellcheck disable=SC2030
	PATH=../tools:/usr/bin:/bin
	rudder run ../syncs/users.yaml 2>../err
) || fail "with a relative PATH: $(cat err)"

# a changed mapping is handled in one run, and said
sed -i 's/\[plan\]/[plan, {from: id, to: number}]/' syncs/users.yaml
rudder run --print | grep -q 'on-mapping-change now' || fail 'print does not know'
status 0 rudder run
says "column 'id' is new"
is '8 4' "$(wc -l <users.ev) $(grep -c '"number":' users.ev)" 'all rows again'
status 0 rudder run
is '' "$(cat err)" 'after the resend'

# deletes, guards, and the option that a guard asks for
sed -i 2,4d users.csv
echo 'deletes: {max: 1}' >>syncs/users.yaml
status 3 rudder run
says '--allow-deletes=3'
status 0 rudder run --allow-deletes=3
is '[1,0]' "$(pending state/users)" 'deleted'
status 0 rudder run --full
is 9 "$(wc -l <users.ev)" 'full'

# a dry run shows requests and keeps the state
echo 5,e >>users.csv
cp -r state kept
status 0 rudder run --dry-run >out
grep -q '"userId":"5"' out || fail "dry run: $(cat out)"
diff -r state kept || fail 'a dry run wrote the state'
status 0 rudder run

# several destinations: one query, one state each, each its settings
cat >many.sh <<'END'
echo run >>asked
cat users.csv | sed 1d | awk -F, '{printf "{\"id\":%s,\"plan\":\"%s\"}\n", $1, $2}'
END
cat >syncs/both.yaml <<'END'
version: 1
source: "exec:sh many.sh"
key: id
mapping: {type: identify, user_id: id}
destinations:
  crm: {dest: file:crm.ev, mode: mirror, mapping: {type: record, identifiers: {id: id}}}
  ads: file:ads.ev
END
status 0 rudder run syncs/both.yaml
is '1 2 2 record' "$(wc -l <asked) $(wc -l <crm.ev) $(wc -l <ads.ev) $(head -n 1 crm.ev | jq -r .type)" 'both'
is '[2,0] [2,0]' "$(pending state/both/crm) $(pending state/both/ads)" 'states'
rudder run --print syncs/both.yaml | head -n 2 | tail -n 1 | grep -q '^    rudder tee -- .rudder-diff' || fail 'tee'
echo 6,f >>users.csv
rudder run --print syncs/both.yaml >printed
sh printed || fail 'printed with tee'
is '3 3' "$(wc -l <crm.ev) $(wc -l <ads.ev)" 'printed with tee'
# a changed mapping of one does not concern the other
sed -i 's/{id: id}/{id: key}/' syncs/both.yaml
status 0 rudder run syncs/both.yaml
is '6 3' "$(wc -l <crm.ev) $(wc -l <ads.ev)" 'one mapping has changed'
rm syncs/both.yaml

# with a cursor each state has its own, and a pipeline of its own
cat >syncs/cursor.yaml <<'END'
version: 1
source: "exec:sh many.sh"
key: id
cursor: id
mapping: {type: identify, user_id: id}
destinations: {a: file:a.ev, b: file:b.ev}
END
is 2 "$(rudder run --print syncs/cursor.yaml | grep -c 'rudder-query.*--cursor-state state/cursor/[ab] |$')" 'cursors'
rm syncs/cursor.yaml

# secrets: from variables, neither shown nor on a command line
cat >syncs/secret.yaml <<'END'
version: 1
source: env:SHOP
key: id
mapping: {type: identify, user_id: id}
destination: {dest: "file:secret.ev", write_key: env:SHOP_KEY}
END
status 78 rudder run syncs/secret.yaml
says "the variable 'SHOP' is not set"
SHOP=csv:users.csv SHOP_KEY='test' status 0 rudder run syncs/secret.yaml
is 3 "$(wc -l <secret.ev)" 'by variables'
rudder run --print syncs/secret.yaml >printed
# shellcheck disable=SC2016 # that is the text
grep -qF 'RUDDER_SOURCE="$SHOP" rudder-query |' printed || fail 'the source is not by its variable'
# shellcheck disable=SC2016 # that is the text
grep -qF 'RUDDER_WRITE_KEY="$SHOP_KEY" rudder-send' printed || fail 'the key is not by its variable'
rm syncs/secret.yaml

# several syncs: order, selection, the worst status, those behind a failed one
rm syncs/users.yaml
printf 'destination: "exec:cat >/dev/null; echo a >>order"\nafter: b\ntags: [x]\n' | sync a
printf 'destination: "exec:cat >/dev/null; echo b >>order"\ntags: [x, y]\n' | sync b
printf 'destination: "exec:cat >/dev/null; echo c >>order"\n' | sync c
order() { awk '!s[$0]++ && NR > 1 {printf " "} s[$0] == 1 {printf "%s", $0}' order; }
status 0 rudder run
is 'b a c' "$(order)" 'the order'
rm -rf state order
status 0 rudder run --select tag:x
is 'b a' "$(order)" 'by tag'
rm -rf state order
status 0 rudder run --select 'c*' --select tag:y --jobs 3
is 'b c' "$(sort -u order | paste -sd' ')" 'by pattern'
status 64 rudder run --select none
says 'no sync is selected'
rm -rf state order
sed -i 's/users.csv/none.csv/' syncs/b.yaml
status 66 rudder run --jobs 2
says "sync 'b' ended with status 66"
says "sync 'a' is skipped: it runs after 'b', which failed"
says "2 of 3 syncs did not end with status 0; the exit status is that of 'b'"
is c "$(sort -u order)" 'the others are run'
printf 'after: a\n' >>syncs/b.yaml
status 78 rudder run
says "'after' goes in a circle"
rm -rf state syncs/*

# hooks: the record, the time that they have, and no say
cat >syncs/h.yaml <<'END'
version: 1
source: csv:${ROWS:-users.csv}
key: id
mapping: {type: identify, user_id: id}
destination: file:h.ev
expect: ['rows<5']
on_success: ['cat >success']
on_failure: ['cat >failure', 'echo $ROWS; exit 3']
on_expectation: ['cat >expectation; sleep 60']
hook_timeout: 1s
END
status 0 rudder run
is 'h 0 3' "$(jq -r '"\(.sync) \(.status) \(.destinations[0].run.rows)"' success)" 'the record'
ROWS=none.csv status 66 rudder run
is '66 66 query' "$(jq -r '"\(.status) \(.destinations[0].run.status) \(.destinations[0].run.stage)"' failure)" 'of a failure'
says none.csv
says "hook 2 failed with status 3"
printf 'id\n1\n2\n3\n4\n5\n' >more.csv
ROWS=more.csv status 4 rudder run
is 5 "$(jq .destinations[0].run.rows expectation)" 'of a missed expectation'
says 'hook 1 was ended after 1 s'
rm -rf state syncs/*

# a second run of the same sync is 75, and says so once
cat >slow.sh <<'END'
cat users.csv | sed 1d | awk -F, '{printf "{\"id\":%s}\n", $1}'
[ ! -e wait ] || : >started
while [ -e wait ]; do sleep 0.05; done
END
cat >syncs/slow.yaml <<'END'
version: 1
source: "exec:sh slow.sh"
key: id
mapping: {type: identify, user_id: id}
destination: file:slow.ev
END
: >wait
rudder run 2>err1 &
first=$!
eventually 'the first run' [ -e started ]
eventually 'its lock' [ -e state/slow/lock ]
status 75 rudder run
is 1 "$(grep -c "another run is still active" err || cat err)" 'the second run'
rm wait
wait $first || fail "the first run: $? $(cat err1)"
is 3 "$(wc -l <slow.ev)" 'the first run is whole'

# SIGTERM ends it cleanly: 75, what left is committed, nothing stays behind
rm -rf state slow.ev started
: >wait
rudder run 2>err &
first=$!
eventually 'the run' [ -e started ]
kill $first
got=0
wait $first || got=$?
is 75 $got 'after SIGTERM'
rm wait
status 0 rudder run
is 3 "$(jq -r .userId slow.ev | sort -u | wc -l)" 'after all'

# also one that is still being loaded
shim=$B/tool/shim.so
LD_PRELOAD=$shim rudder-send --help >/dev/null 2>&1 || shim= # sanitizers
rm -rf state slow.ev started
: >wait
LD_PRELOAD=$shim SHIM_SLOW=rudder-send rudder run 2>err &
first=$!
eventually 'the run' [ -e started ]
kill $first
got=0
wait $first || got=$?
is 75 $got 'after SIGTERM to a stage that starts'
is 75 "$(rudder-diff -s state/slow --runs | tail -n 1 | jq .status)" 'its record'
rm wait

# but not a script of the user's in its place, which may never start it
rm -rf state slow.ev started
mkdir alone script
cp "$(command -v rudder)" alone
printf '#!/bin/sh\n: >sends\nexec sleep 100\n' >script/rudder-send
chmod +x script/rudder-send
: >wait
# shellcheck disable=SC2030,SC2031 # of this command only
PATH=$PWD/script:$PATH timeout -k 1 50 alone/rudder run 2>err &
first=$!
eventually 'the script' [ -e sends ]
eventually 'the run' [ -e started ]
kill $first
got=0
wait $first || got=$?
is 65 $got 'after SIGTERM to a script'
rm -rf wait alone script sends

# SIGKILL of rudder: its pipeline goes on to its end
rm -rf state slow.ev started
: >wait
rudder run 2>err &
first=$!
eventually 'the run' [ -e started ]
kill -9 $first
wait $first || :
rm wait
done_with() { [ "$(rudder-diff --status -s state/slow | jq -c '[.keys, .pending, .last_status]')" = '[3,0,0]' ]; }
eventually 'the pipeline without rudder' done_with
is 3 "$(wc -l <slow.ev)" 'each event once'

# what is refused before anything is run
echo 'verion: 1' >syncs/bad.yaml
status 78 rudder run
says "'syncs/bad.yaml'"
rm syncs/*
status 66 rudder run
says "no sync files"
