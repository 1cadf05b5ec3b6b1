# upgrade.sh - a run cut by an upgrade goes on under its change ids, from every
# format there was, and whatever the bytes of its rows are now
. "$TOP/tests/tool/lib.sh"
[ "$(printf '\1\0' | od -An -td2 | tr -d ' ')" = 1 ] || { echo 'the files are of a machine with the lowest byte first'; exit 77; }
rows >b <<'END'
{ "v":"b", "id":1, "country":"de" }
{"id":1,"country":"fr","v":"é"}
{"id":"x\"y","v":null,"country":"fr"}
END
# all but one as it was left by the run that was cut
rows >c <<'END'
{"country":"de","id":1,"v":"b"}
{"country":"fr","id":1,"v":"é"}
{"country":"fr","id":"x\"y","v":0}
END
changes() { sed -n 's/.*"type":"change","action":"\([a-z]*\)".*"change":"\([0-9a-f]*\)".*/\1 \2/p' "$1" | sort; }
for v in v1 v2 v3 v4; do
	mkdir -m 700 $v
	cp "$TOP/tests/state/$v/snapshot" "$TOP/tests/state/$v/pending" $v
	chmod 600 $v/*
	rudder-diff -s $v --mode mirror --max-deletes 100% b >out
	is 'delete f611be42ce178023a670574cd86971f5
insert cc27511c01fe8a38b54eae4006042219
update 7e2c463a4d9d8b818195e458a58e098a' "$(changes out)" "sent again from $v"
	rudder-diff -n -s $v c >late
	is 'insert' "$(changes late | grep -v -e cc27511c01fe8a38b54eae4006042219 -e 7e2c463a4d9d8b818195e458a58e098a | cut -d ' ' -f 1)" "another row is another change, from $v"
	# receipts of the cut run still fit
	ack accepted <out | rudder-diff --commit -s $v
	rudder-diff -s $v --mode mirror c >out
	is update "$(changes out | cut -d ' ' -f 1)" "after the commit, from $v"
	ack accepted <out | rudder-diff --commit -s $v
	rudder-diff -s $v --mode mirror c >out
	is '' "$(changes out)" "all is delivered, from $v"
	rudder-diff -s $v --status | jq -e '.keys == 3 and .pending == 0' >status || fail "status from $v: $(cat status)"
done
