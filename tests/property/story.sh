#!/bin/sh
# story.sh - random stories of one state: whatever happens, quiet runs make the
# destination what the source is
#
#   story.sh [STORIES] [SEED] [FIRST]     (200, 1, 1)
#
# A story is a sequence of runs and commits over a table that changes, shrinks,
# whose key changes its type and whose lines change their form; with each run
# other options (--mode, --keep, --tag, --max-changes, --delete-after-runs,
# --memory, --ignore, delete guards, a key that must come, a cursor), inputs that are cut, shuffled, partial or have keys
# twice, processes killed at any call, changes that arrive or not, and receipts
# that are lost, untrue, replayed or shuffled. A look (-n) writes nothing and shows
# what leaves, under ids of its own; rows are taken as they are (--rebase), keys forgotten (--forget). The destination is a model: it
# takes the changes that arrive, in their order; every second one drops what has a
# change id that it knows. On the way nothing may be deleted that is there, or
# sooner than asked for, a change id says one thing, and no run sends more than it
# may. Then some keys are never answered, which must not keep the others out
# (--max-changes). In the end quiet runs must come to rest in bounded time, with
# the destination equal to the table. Needs $SHIM_SO (tests/tool/shim.c) to kill.
#
# In some stories rows have an identity (--identity): two rows swap theirs, hand
# them over, share them or have none. Then the destination is an audience, a set
# of identities. No identity may be deleted that a row has, and in the end it has
# exactly those of the table. STORIES_WITH=identities: only such stories.
set -eu
stories=${1:-200} seed=${2:-1}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo "property/story.sh: $stories stories, seed $seed"
cat >story.awk <<'AWK'
function chance(p) {return rand() < p}
function below(n) {return int(rand() * n)}
function pick(list,    w, n) {n = split(list, w, "|"); return w[1 + below(n)]}
function fail(what) {
	print "story " story " of seed " seed ", step " step ": " what
	print "  " told
	failed = 1
	exit 1
}
function sh(command,    got) {
	got = system(command)
	return got > 255 ? int(got / 256) : got
}
# killed at a call, or not at all
function shim(often) {
	if (so == "" || !chance(often)) return ""
	return "SHIM=" pick("open|write|write|fsync|rename|truncate|unlink|end") ":" (1 + below(4)) ":kill SHIM_UNDER=" dir "/st SHIM_LOG=/dev/null LD_PRELOAD=" so " "
}

# ---- the source
# The identity i: "1", or 1, which is the same to an audience; 0 is null.
function text_of(i, bare) {return i == 0 ? "null" : bare ? i : "\"" i "\""}
function row(id) {return forms ? formed(id) : with_identity(id, identities ? text_of(e[id], number[id]) : "")}
function with_identity(id, i) {return "{\"id\":" (string[id] ? "\"" id "\"" : id) (identities ? ",\"e\":" i : "") ",\"v\":\"" v[id] "\",\"w\":" w[id] "}"}
# What the state knows a row by.
function key(id) {return identities ? id "/" e[id] : id ""}
# Swapped, handed over, shared or none.
function change_identity(id,    o, t) {
	o = 1 + below(KEYS)
	t = e[id]
	if (retypes) number[id] = chance(0.5)
	if (chance(0.2)) e[id] = 0
	else if (chance(0.5)) e[id] = 1 + below(1 + KEYS / 2)
	else {e[id] = e[o]; if (chance(0.6)) {e[o] = t; at[o] = ++now}}
}
# The same row in another line.
function formed(id,    key, a, b) {
	key = "\"id\":" (string[id] ? "\"" id "\"" : id); a = "\"v\":\"" v[id] "\""; b = "\"w\":" w[id]
	if (chance(0.1)) form[id] = below(6)
	if (form[id] == 1) return "{" key "," b "," a "}"
	if (form[id] == 2) return " {" key ", " a " ," b "}\r"
	if (form[id] == 3) return "{" a "," key "," b "}"
	if (form[id] == 4) return "{" b "," a "," key "}"
	return "{" key "," a "," b "}"
}
function change_table(    id, n) {
	n = below(4)
	if (chance(0.1)) n = KEYS
	while (n-- > 0) {
		id = 1 + below(KEYS)
		if ((id in v) && chance(gone)) {delete v[id]; continue}
		if (!(id in v) && chance(0.3)) continue
		v[id] = pick("a|b|c"); w[id] = below(2); at[id] = ++now
		if (identities && (e[id] == 0 || chance(0.5))) change_identity(id)
		if (retypes && chance(0.3)) string[id] = !string[id]
	}
}
function write_rows(file, how, since,    n, i, j, t, order, id) {
	n = 0
	delete_all(given); delete_all(there); delete_all(held)
	for (id = 1; id <= KEYS; id++) if (id in v) {
		there[key(id)] = 1; known_keys[key(id)] = 1
		if (at[id] >= since) order[++n] = id
	}
	for (i = n; i > 1; i--) {j = 1 + below(i); t = order[i]; order[i] = order[j]; order[j] = t}
	print "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"rows\",\"run\":\"r0000000000000000000\",\"model\":\"" model "\"}}" >file
	t = 0
	if (how == "cut" || how == "part") n = below(n + 1)
	for (i = 1; i <= n; i++) {
		print row(order[i]) >file
		if (!identities || e[order[i]] > 0) {given[key(order[i])] = 1; held[e[order[i]]] = 1}
		t++
		if (how == "twice" && chance(0.2)) {print with_identity(order[1 + below(i)], text_of(below(KEYS), 0)) >file; t++}
	}
	if (how == "null") {print "{\"id\":null," (identities ? "\"e\":\"1\"," : "") "\"v\":\"a\",\"w\":0}" >file; t++}
	if (how != "cut") {
		printf "{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\",\"rows\":%d%s", t, (how == "part" || since > 0 ? ",\"partial\":true" : "") >file
		if (cursors && how != "part")
			printf ",\"cursor\":{\"column\":\"at\",\"type\":\"int\"%s,\"value\":\"%d\"}", (since > 0 ? ",\"since\":\"" since "\"" : ""), now >file
		print "}}" >file
	}
	close(file)
}
function cursor(    line, c) {
	c = 0
	while ((getline line <"st/cursor") > 0) if (match(line, /"value":"[0-9]+"/)) c = substr(line, RSTART + 9, RLENGTH - 10) + 0
	close("st/cursor")
	return c
}

# ---- what left, and the destination
function member(line, name,    s) {
	if (!match(line, "\"" name "\":\"?[^\",}]*")) return ""
	s = substr(line, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
	sub(/^"/, "", s)
	return s
}
function arrives(action, id, change, value) {
	if (dedupes && (change in known)) return
	known[change] = 1
	sub(/.*\//, "", id) # an audience knows identities only
	if (action == "delete") delete dest[id]; else dest[id] = value
}
# Reads out; each change arrives or not and has its receipt or not. quiet: all is well.
function deliver(quiet, complete,    line, action, id, change, value, what, sent, alive, n, whole) {
	alive = quiet || chance(0.8) ? 10000 : below(8)
	n = sent = skips = deletes = 0
	receipts = begin = end = ""
	whole = 0
	while ((getline line <"out") > 0) {
		if (line ~ /"type":"begin"/) {begin = line; continue}
		if (line ~ /"type":"end"/) {
			whole = 1
			end = ""
			if (match(line, /"blocked":[0-9]+/)) end = end "," substr(line, RSTART, RLENGTH)
			if (match(line, /"postponed":[0-9]+/)) end = end "," substr(line, RSTART, RLENGTH)
			if (match(line, /"overtaken":[0-9]+/)) end = end "," substr(line, RSTART, RLENGTH)
			if (match(line, /"cursor":{[^}]*}/)) end = end "," substr(line, RSTART, RLENGTH)
			if (match(line, /"rejects":[0-9]+/)) refused = substr(line, RSTART + 10, RLENGTH - 10) + 0
			continue
		}
		if (line !~ /"change":"/) continue
		change = substr(line, index(line, "\"change\":\"") + 10, 32)
		action = member(line, "action")
		if (line ~ /"type":"skip"/) {what = "skipped"; skips++}
		else {
			sent++
			value = line
			if (forms) {
				sub(/^.*},/, "", value) # behind the control, or what was before
				id = member(value, "id")
				value = ",\"v\":\"" member(value, "v") "\",\"w\":" member(value, "w") "}"
			} else {
				sub(/^.*},"id":/, "", value)
				id = value
				sub(/[,}].*/, "", id)
				sub(/^[^,}]*/, "", value)
				if (identities) {id = id "/" substr(value, 6); sub(/[,}].*/, "", id); sub(/^,"e":[^,}]*/, "", value)}
				gsub(/"/, "", id)
			}
			if (ignores) sub(/,"w":[0-9]*/, "", value)
			if (action == "delete") {value = ""; deletes += !(id in deleting); check_delete(id, complete)}
			else {value = value " " tag; if (!(id in given)) fail("sent, and not given: " line)}
			if ((change in says) && says[change] != action " " id " " value) fail("a change id of two changes: " line " was " says[change])
			says[change] = action " " id " " value
			what = !quiet ? pick(outcomes) : (id + 0) in stuck ? pick("unknown|failed") : "accepted"
			if (alive <= 0) what = "dead"
			if (what ~ /accepted|lost|unknown|late/) arrives(action, id, change, value)
		}
		if (alive-- <= 0 || what == "lost") continue
		receipts = receipts "{\"messageId\":\"" substr(change, 1, 8) "-" substr(change, 9, 4) "-" substr(change, 13, 4) "-" substr(change, 17, 4) "-" substr(change, 21) "\",\"status\":\"" (what == "late" ? "unknown" : what) "\"}\n"
		n++
	}
	close("out")
	if (limit > 0 && sent > limit) fail(sent " changes, and no more than " limit " are allowed")
	if (deletes > most_deletes) fail(deletes " deletes, and no more than " most_deletes " may pass")
	if (quiet && !whole) fail("a quiet run has no end")
	print_receipts(n, begin, whole && alive > 0)
	return sent + skips
}
function print_receipts(n, begin, whole,    i, j, t, r) {
	split(receipts, r, "\n")
	if (chance(0.2)) for (i = n; i > 1; i--) {j = 1 + below(i); t = r[i]; r[i] = r[j]; r[j] = t}
	if (begin == "") {printf "" >"receipts"; close("receipts"); return}
	print begin >"receipts"
	t = 0
	for (i = 1; i <= n; i++) {
		print r[i] >"receipts"; t++
		if (chance(0.05)) {print r[i] >"receipts"; t++}
	}
	if (whole) printf "{\"_rudder\":{\"type\":\"end\",\"stream\":\"receipts\",\"receipts\":%d%s}}\n", t, end >"receipts"
	close("receipts")
}
function check_delete(id, complete) {
	if (!complete) fail("a delete of " id " without a whole input")
	if (id in there) fail("a delete of " id ", which is there")
	if (canary && !(canary in given)) fail("a delete of " id ", though " canary " did not come")
	if (identities && (substr(id, index(id, "/") + 1) in held)) fail("a delete of " id ", which another row has")
	if (after > 1 && missing[id] < after && !(id in deleting)) fail("a delete of " id " missing in " missing[id] " runs of " after)
	deleting[id] = 1
}
# In how many whole runs a key was missing, at most.
function count_missing(mode, how,    id) {
	for (id in known_keys) {
		# what this mode does not send takes no delete back
		if (id in given) {back[id] = 1; if (mode != "update-only") delete deleting[id]}
		else if (mode == "mirror" && how !~ /null|part/) missing[id]++
	}
}
function commit(opts, often,    got) {
	got = sh(shim(often) "rudder-diff --commit -s st " opts " receipts 2>>err")
	if (got != 0 && got != 1 && got != 3 && got != 65 && got < 128) {system("cat err"); fail("a commit ended with " got)}
	return got
}
function options(quiet) {
	limit = limits && (quiet || chance(0.7)) ? 1 + below(5) : 0
	after = waits && (quiet || chance(0.8)) ? 2 + below(2) : 1
	o = ""
	if (limit) o = o " --max-changes " limit
	if (after > 1) o = o " --delete-after-runs " after
	if (keeps && chance(0.7)) o = o " --keep " pick("hash|row|v|w|v,w")
	if (tags) o = o " --tag " tag
	if (spills && chance(0.7)) o = o " --memory " pick("1|100|2000")
	if (ignores) o = o " --ignore w"
	most_deletes = 10000
	canary = 0
	return o
}
# What blocks deletes. Those that were sent before have passed it.
function guards(how,    o, n, allowed) {
	n = pick("0|1|100%|100%|100%|100%")
	o = " --max-deletes " n
	if (n !~ /%/) {
		if (how == "whole" && chance(0.3)) o = o " --allow-deletes " (allowed = below(4))
		most_deletes = allowed > n ? allowed : n + 0
	}
	if (!identities && allowed == "" && chance(0.1)) o = o " --require-key " (canary = 1 + below(KEYS))
	return o
}
# A look, which must write nothing; what it shows goes to the file looked.
function look(o,    got, has) {
	has = sh("[ -e st/snapshot ] || [ -e st/pending ]") == 0 && sh("[ -e st/receipts ]") != 0
	sh("find st -type f -exec cksum {} + 2>/dev/null | sort >sums")
	got = sh("rudder-diff -n -k id" asked " -s st" o " in 2>err | grep -o '\"action.*' | sed 's/\"change\":\"[0-9a-f]*\"//' >looked; rudder-diff --dump -s st >/dev/null 2>&1; rudder-diff --status -s st >/dev/null 2>&1")
	if (sh("find st -type f -exec cksum {} + 2>/dev/null | sort | cmp -s - sums") != 0) fail("a look has changed the state")
	return has
}
# The table as it is now is what the destination has, says the user, who tries
# until it is so.
function rebase(    o, got, n, id) {
	write_rows("in", "whole", 0)
	o = (tags ? " --tag " tag : "") (ignores ? " --ignore w" : "") (spills ? " --memory " pick("1|100|2000") : "") (keeps ? " --keep " pick("hash|row|v") : "")
	told = told "\n  rebase" o
	do got = sh((n++ < 3 ? shim(0.5) : "") "rudder-diff --rebase -k id -s st" o " in >out 2>err"); while (got >= 128)
	if (got != 0) {system("cat err"); fail("--rebase ended with " got)}
	delete_all(dest); delete_all(missing); delete_all(deleting)
	for (id in v) dest[id] = value_of(id)
}
# A person is forgotten, here and at the destination.
function forget(id,    got, n) {
	told = told "\n  forget " id
	do got = sh((n++ < 3 ? shim(0.5) : "") "rudder-diff --forget " id " -s st 2>err"); while (got >= 128)
	if (got != 0 && got != 66) {system("cat err"); fail("--forget ended with " got)}
	if (sh("rudder-diff --dump -s st 2>/dev/null | grep '\"id\":\"" id "\"'") == 0) fail(id " is not forgotten")
	delete dest[id]; delete missing[id]; delete deleting[id]
}
function value_of(id) {return ",\"v\":\"" v[id] "\"" (ignores ? "" : ",\"w\":" w[id]) "} " tag}
# Deletes that a killed run allowed: they are in the state, though they may not
# have left.
function take_passed(    line, id) {
	while (("rudder-diff --dump -s st 2>/dev/null" | getline line) > 0) {
		if (line !~ /^{"kind":"delete".*"row":"0*"/) continue
		id = line
		sub(/^.*"id":"/, "", id); sub(/","version".*/, "", id)
		gsub(/\\"|[[\] ]/, "", id); sub(/,/, "/", id)
		deleting[id] = 1
	}
	close("rudder-diff --dump -s st 2>/dev/null")
}
function run(    how, mode, o, got, since, looked) {
	if (rebases && chance(0.1)) rebase()
	if (forgets && chance(0.2)) forget(1 + below(KEYS))
	if (tags && chance(0.15)) tag = pick("t1|t2|t3")
	change_table()
	mode = identities || chance(0.75) ? main : pick("mirror|upsert|insert-only|update-only|full")
	how = pick("whole|whole|whole|whole|whole|whole|cut|twice|null|part")
	since = cursors && chance(0.8) ? cursor() : 0
	write_rows("in", how, since)
	o = options(0) " --mode " mode (chance(0.1) ? " --full" : "") guards(how)
	told = told "\n  " step ": " how (since ? " since " since : "") o
	looked = chance(0.15) && look(o)
	got = sh(shim(0.15) "rudder-diff -k id" asked " -s st" o " in >out 2>err")
	if (got != 0 && got != 1 && got != 3 && got != 65 && got < 128) {system("cat err"); fail("a run ended with " got)}
	told = told " -> " got
	if (got >= 128) take_passed()
	if (looked && got < 128 && sh("grep -o '\"action.*' out | sed 's/\"change\":\"[0-9a-f]*\"//' | sort >left; sort looked | cmp -s - left") != 0) fail("a look shows other changes")
	if (how != "cut" && since == 0) count_missing(mode, how)
	deliver(0, how != "cut" && how != "null" && how != "part" && since == 0)
	if (step > 1 && chance(0.1)) replay()
	sh("cp receipts receipts." step)
	if (chance(0.8)) {
		got = commit((chance(0.3) ? "--history 2 " : "") (spills && chance(0.7) ? "--memory 1" : ""), 0.15)
		told = told ", commit " got
		if (got <= 3 && how == "whole" && since == 0) for (id in back) missing[id] = 0 # receipts that were cut do not count
		if (chance(0.1)) commit("", 0.1)
	}
	delete_all(back)
}
function replay() {
	if (sh("rudder-diff --commit -s st receipts." (1 + below(step - 1)) " 2>err") > 100) fail("a replayed commit")
}
function delete_all(a,    k) {for (k in a) delete a[k]}
# One that nothing disturbs; how many changes and skips it had.
function quiet_run(name, o,    n) {
	step = name
	write_rows("in", "whole", cursors ? cursor() : 0)
	verdict = sh("rudder-diff -k id" asked " -s st" o " in >out 2>err")
	if (verdict != 0 && verdict != 1 && verdict != 3) {system("cat err"); fail("a quiet run ended with " verdict o)}
	count_missing("mirror", "whole")
	n = deliver(1, 1)
	commit("", 0)
	return n
}
# Some keys get no answer, as many as a run may send and more.
function starve(most, o,    k, id) {
	for (k = 0; k < 2 * limit; k++) stuck[1 + below(KEYS)] = 1
	for (k = 0; k < most; k++) quiet_run("stuck " k, o)
	for (id in v)
		if (!(id in stuck) && (!identities || e[id] > 0) && !((identities ? e[id] : id) in dest)) fail(id " starves")
	delete_all(stuck)
}
function quiet(    most, o, n, got, id, k, text) {
	o = options(1) " --mode " (cursors ? "upsert" : "mirror") " --max-deletes 100%"
	most = 4 + 2 * identities + after + (limit ? int(2 * KEYS / limit) + 2 : 0)
	if (cursors && chance(0.5)) sh("rm -f st/cursor")
	for (id in v) n++
	if (n == 0) {v[1] = "a"; w[1] = 0; at[1] = ++now} # no row at all is a delete guard
	for (id in v) if (e[id] > 0) got = 1
	if (identities && !got) for (id in v) e[id] = 1
	if (limit && chance(0.5)) starve(most, o)
	for (k = 0; k < most; k++) {
		n = quiet_run("quiet " k, o)
		if (n == 0 && verdict == 0 && k > after) break
	}
	told = told "\n  quiet" o ", " k " runs"
	if (k == most) fail("no rest after " most " quiet runs")
	if (identities) {judge_audience(); return}
	for (id = 1; id <= KEYS; id++) {
		text = (id in v) ? value_of(id) : ""
		if ((id in v) != (id in dest)) fail(id " is " ((id in v) ? "lost" : "stale: " dest[id]))
		if ((id in v) && dest[id] != text) fail(id " is " dest[id] ", and should be " text)
	}
}
function judge_audience(    id, i) {
	delete_all(held)
	for (id in v) if (e[id] > 0) held[e[id]] = 1
	for (i in held) if (!(i in dest)) fail("the identity " i " is lost")
	for (i in dest) if (!(i in held)) fail("the identity " i " is stale")
}
function tell(    id) {
	delete_all(known_keys); delete_all(number); delete_all(stuck)
	for (id = 1; id <= 60; id++) e[id] = 0
	delete_all(v); delete_all(w); delete_all(at); delete_all(string); delete_all(dest); delete_all(known)
	delete_all(says); delete_all(form); delete_all(missing); delete_all(deleting); delete_all(back)
	sh("rm -rf st in out err receipts")
	now = 1
	told = ""
	KEYS = chance(0.8) ? 8 : 60
	gone = pick("0.1|0.4|0.7"); main = chance(0.7) ? "mirror" : pick("upsert|insert-only")
	retypes = chance(0.15); keeps = chance(0.4); limits = chance(0.4); waits = chance(0.3); spills = chance(0.2)
	tags = chance(0.3); cursors = chance(0.15); dedupes = chance(0.5)
	identities = !cursors && chance(0.3) || only == "identities"
	asked = identities ? " --identity e" : ""
	if (identities) {main = "mirror"; cursors = 0}
	forms = !identities && story % 5 < 2
	ignores = !identities && chance(0.15); rebases = !identities && !cursors && chance(0.2); forgets = !identities && !cursors && chance(0.2)
	tag = tags ? "t1" : ""
	if (cursors) {gone = 0; main = "upsert"; retypes = 0}
	model = "0000000000000000000000000000000000000000000000000000000000000000"
	outcomes = pick_from("accepted|accepted|accepted|accepted|failed|rejected|unknown|late|lost~accepted|accepted|accepted|failed~lost|late|accepted|failed")
	for (step = 1; step <= 10; step++) run()
	quiet()
}
function pick_from(lists,    l, n) {n = split(lists, l, "~"); return l[1 + below(n)]}
BEGIN {
	for (story = first; story < first + stories; story++) {srand(seed * 100003 + story); tell()}
}
AWK
awk -v only="${STORIES_WITH:-}" -v stories="$stories" -v first="${3:-1}" -v seed="$seed" -v dir="$dir" -v so="${SHIM_SO:-}" -f story.awk >told ||
	{ cat told >&2; exit 1; }
echo "property/story.sh: $stories stories: nothing lost, nothing wrongly deleted"
