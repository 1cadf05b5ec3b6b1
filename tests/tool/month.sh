# month.sh - a month of a sync that has trouble, as the file `runs` of its state;
# read by: . "$TOP/tests/tool/month.sh"

# month END RUNS: records of hourly runs, the last one ended at END (seconds
# since 1970). The numbers are the same each time.
month() {
	awk -v end="$1" -v n="$2" '
	function random(k) {seed = (seed * 1103515245 + 12345) % 2147483648; return int(seed / 65536) % k}
	function stamp(t,    d, y, era, doe, yoe, doy, mp, day, month) {
		d = int(t / 86400) + 719468
		era = int(d / 146097)
		doe = d - era * 146097
		yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
		doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
		mp = int((5 * doy + 2) / 153)
		day = doy - int((153 * mp + 2) / 5) + 1
		month = mp < 10 ? mp + 3 : mp - 9
		y = yoe + era * 400 + (month <= 2)
		return sprintf("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", y, month, day, t % 86400 / 3600, t % 3600 / 60, t % 60, 120)
	}
	BEGIN {
		seed = 42
		rows = 118000
		for (i = 0; i < n; i++) {
			at = end - (n - 1 - i) * 3600
			hour = int(at / 3600) % 24
			busy = hour >= 7 && hour <= 19
			ins = random(busy ? 90 : 20)
			upd = random(busy ? 700 : 120)
			del = random(12)
			failed = 0; blocked = 0; status = 0; reason = ""; stage = ""; complete = "true"
			ms = 4000 + random(3000) + (ins + upd) * 9
			part = i / n
			if (part > 0.30 && part < 0.325) {status = 69; stage = "send"; reason = "cannot connect to https://data.example.com: Connection refused"; complete = "false"}
			else if (part > 0.58 && part < 0.66) {status = 1; failed = 3 + random(4)}
			else if (i % 97 == 50) {status = 3; blocked = 24300; del = 0}
			else if (i % 143 == 77) {status = 4; reason = "not as expected: deletes<=100 (" 101 + random(90) ")"; del = 101 + random(90)}
			else if (i % 211 == 100) {status = -1; reason = "no commit: the run (pid 4711) was killed, or its receipts are not committed"}
			else if (i % 173 == 30) {status = 69; stage = "query"; reason = "connection to server at \"db\" failed: timeout expired"; complete = "false"}
			if (part > 0.95) {status = 1; failed = 2}
			if (i == int(n * 0.45)) {upd = 60000; ms = 310000}
			if (status == 1) {stage = "commit"; reason = failed " of " ins + upd + del " receipts report a failure; the next run tries these rows again"}
			if (status == 3) {stage = "commit"; reason = blocked " deletes were blocked by a delete guard: rudder-diff printed why, and how to allow them"}
			if (status == 4) stage = "commit"
			rows += ins - del
			printf "{\"v\":1,\"run\":\"r%019d\",\"attempt\":\"%032d\",\"started\":\"%s\"", i, i, stamp(at - int(ms / 1000))
			if (status >= 0) printf ",\"ended\":\"%s\",\"ms\":%d,\"status\":%d", stamp(at), ms, status
			else printf ",\"status\":null"
			gsub(/"/, "\\\"", reason)
			if (stage != "") printf ",\"stage\":\"%s\"", stage
			if (reason != "") printf ",\"reason\":\"%s\"", reason
			printf ",\"complete\":%s", complete
			if (complete == "true" && status >= 0)
				printf ",\"mode\":\"mirror\",\"rows\":%d,\"inserts\":%d,\"updates\":%d,\"deletes\":%d,\"unchanged\":%d,\"ignored\":0,\"blocked\":%d,\"receipts\":%d,\"succeeded\":%d,\"skipped\":0,\"failed\":%d,\"rejected\":%d,\"unknown\":0,\"pending\":0,\"failing\":%d,\"generation\":%d", rows, ins, upd, del, rows - ins - upd, blocked, ins + upd + del, ins + upd + del - failed, failed, failed, failed, i + 1
			if (complete == "true" && status >= 0)
				printf ",\"query_ms\":%d,\"diff_ms\":%d,\"map_ms\":%d,\"send_ms\":%d,\"commit_ms\":%d", 900 + random(400), rows / 400, (ins + upd + del) / 5, 2000 + (ins + upd) * 9, 60 + random(200)
			print "}"
		}
	}'
}
