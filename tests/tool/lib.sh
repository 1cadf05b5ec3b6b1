# lib.sh - what the .sh tests share; read by: . "$TOP/tests/tool/lib.sh"

# fail WHY: the test fails, also where this is called in a subshell whose status
# nobody looks at, as in a loop behind a pipe
fail() {
	echo "$*" >&2
	: >"${FAILED:-/dev/null}"
	exit 1
}

skip() {
	echo "$*" >&2
	exit 77
}

# ownerless FILE: takes the owner out of messages, "rudder-diff[state run]: "
ownerless() { sed -i 's/^\(rudder[- a-z]*\)\[[^]]*\]: /\1: /' "$1"; }

# status WANTED COMMAND ...: the command must end so. Its standard error goes
# to the file err without owners, and is shown when it does not.
status() {
	want=$1
	shift
	got=0
	"$@" 2>err || got=$?
	ownerless err
	[ "$got" = "$want" ] || fail "status $got, wanted $want: $* -- $(cat err)"
}

# eventually WHAT COMMAND ...: wait until the command succeeds, at most a minute
eventually() {
	what=$1
	shift
	for _ in $(seq 600); do
		"$@" 2>/dev/null && return
		sleep 0.1
	done
	fail "in vain waited for: $what"
}

# taken PID: whether the process has taken all signals that were sent to it
taken() { ! grep -q '^S[a-z]*Pnd:.*[1-9a-f]' "/proc/$1/status"; }

# ended PID: whether the command has ended; the shell may have waited for it already
ended() { [ ! -e "/proc/$1" ] || grep -q '^State:.*zombie' "/proc/$1/status"; }

# stopped_by SIGNAL SECONDS PID: sends the signal, again and again, until it has ended
stopped_by() {
	for _ in $(seq 100); do
		env kill "-$1" "$3" 2>/dev/null || :
		sleep "$2"
		! ended "$3" || return 0
	done
	fail "not ended by SIG$1: $(cat "/proc/$3/comm")"
}

# larger FILE BYTES: whether it is; one that is not there is not
larger() { [ "$(wc -c <"$1" || echo 0)" -gt "$2" ]; }

# says TEXT: the last command of `status` must have said that.
says() {
	grep -qF -- "$1" err || fail "not said: '$1' in: $(cat err)"
}

# seed NUMBER: from here on every command gets the same random bytes in each run
seed() {
	SHIM_SEED=$1 LD_PRELOAD=$B/tool/shim.so
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0
	export SHIM_SEED LD_PRELOAD ASAN_OPTIONS
}

# lack 'PROGRAM CALL:N:WHAT[:PATH] ...' COMMAND ...: with calls that fail in PROGRAM
# (lack.c); 98 where none was made
lack() {
	lack=$1
	shift
	rm -f lacked
	lack_got=0
	env LACK="$lack" LACK_LOG="$PWD/lacked" LD_PRELOAD="$B/tool/lack.so" \
		ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$@" || lack_got=$?
	[ -s lacked ] || {
		echo "never made: $lack" >&2
		return 98
	}
	return $lack_got
}

# is WANTED GOT WHAT
is() {
	[ "$1" = "$2" ] || fail "$3: wanted '$1', got '$2'"
}

# short_numbers: 1.50 and 2.0 as 1.5 and 2, which jq writes before its version 1.7
short_numbers() { sed -E 's/([0-9]\.[0-9]*[1-9])0+($|[],} ])/\1\2/g; s/([0-9])\.0+($|[],} ])/\1\2/g'; }

# rows <ROWS: a complete stream of these rows
rows() {
	awk 'BEGIN {print "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"rows\",\"run\":\"r0000000000000000001\"}}"}
	{print; n++}
	END {printf "{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\",\"rows\":%d}}\n", n}'
}

# changes <CHANGES: "action id" of each, sorted
changes() {
	sed -n 's/.*"type":"change","action":"\([a-z]*\)","id":"\([^"]*\)".*/\1 \2/p' | sort
}

# ack STATUS [OF SKIPS] <CHANGES: receipts that give every change this status; skips may
# have their own
ack() {
	awk -v status="$1" -v skips="${2:-$1}" '
	/"type":"begin"/ {print; next}
	/"type":"end"/ {
		held = match($0, /"blocked":[0-9]+/) ? "," substr($0, RSTART, RLENGTH) : ""
		cursor = match($0, /"cursor":{[^}]*}/) ? "," substr($0, RSTART, RLENGTH) : ""
		base = match($0, /"base":"[^"]*","base_rejects":[0-9]+/) ? "," substr($0, RSTART, RLENGTH) : ""
		overtaken = match($0, /"overtaken":[0-9]+/) ? "," substr($0, RSTART, RLENGTH) : ""
		printf "{\"_rudder\":{\"type\":\"end\",\"stream\":\"receipts\",\"receipts\":%d%s%s%s%s}}\n", n, held, cursor, base, overtaken
		next
	}
	match($0, /"change":"[0-9a-f]*"/) {
		c = substr($0, RSTART + 10, 32)
		printf "{\"messageId\":\"%s-%s-%s-%s-%s\",\"status\":\"%s\"}\n", substr(c, 1, 8),
			substr(c, 9, 4), substr(c, 13, 4), substr(c, 17, 4), substr(c, 21), /"type":"skip"/ ? skips : status
		n++
	}'
}

# sync OPTIONS <ROWS: one whole run whose changes are all accepted
sync_all() {
	rows | rudder-diff "$@" >sync.changes
	ack accepted <sync.changes | rudder-diff --commit -s "${state:-st}"
	changes <sync.changes
}

# part NAME COMMAND ...: a part of the test that mostly waits, beside the others, in
# the new folder NAME, where it finds the files of the test as they are
part() {
	[ -s parts ] || trap 'wait' EXIT
	name=$1
	shift
	mkdir "$name"
	find . -maxdepth 1 -type f ! -name parts -exec cp {} "$name" \;
	(cd "$name" && "$@") >"$name/said" 2>&1 &
	echo "$! $name" >>parts
}

# parts: wait for all of them
parts() {
	while read -r pid name; do
		wait "$pid" || fail "$name: $(cat "$name/said")"
	done <parts
}
