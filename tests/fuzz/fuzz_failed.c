/* fuzz_failed.c - any stream of events, as of a --failed file: a receipt each,
 * in lines of JSON, and a file of those that failed that can be sent again
 */
#include "fuzz.h"

#include <signal.h>
#include <sys/stat.h>

#include "core/tool.h"
#include "send/send.h"

static size_t send_all(const char *failed, struct slice in, uint64_t max_event,
		       struct buf *out, enum err_kind *kind)
{
	struct send_options o = send_defaults;
	int from = fuzz_file(in), to = fuzz_file(slice_of("", 0));
	int copy = dup(to), signo, rc;
	struct err e = {0};

	o.dest = "file:sent";
	o.failed = failed;
	o.max_event = max_event;
	o.max_line = 4096;
	o.no_lock = true;
	rc = send_run(&o, from, to, &signo, &e);
	*kind = rc < 0 ? e.kind : ERR_PARTIAL;
	HOLDS(rc == 0 || e.kind != ERR_BUG);
	if (fcntl(to, F_GETFD) >= 0)
		close(to);
	fuzz_read(copy, out);
	close(copy);
	close(from);
	return fuzz_objects(buf_all(out), "\"status\":");
}

/* Whether its end line counts the events in it; how many they are. */
static size_t count_events(struct slice all)
{
	struct buf end = {0};
	size_t n = 0;

	for (size_t i = 0; i < all.n; i++)
		n += all.p[i] == '\n';
	HOLDS(n > 0);
	n -= 1 + slice_starts(all, "{\"_rudder\":{\"type\":\"begin\"");
	buf_fmt(&end, "\"type\":\"end\",\"stream\":\"events\",\"events\":%zu,",
		n);
	HOLDS(memmem(all.p, all.n, end.p, end.n));
	buf_clear(&end);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out = {0}, again = {0};
	size_t n;
	struct fuzz_folder f;
	enum err_kind kind;

	if (size > 16384)
		return 0;
	tool_set_log(TOOL_ERROR, false);
	signal(SIGPIPE, SIG_IGN);
	fuzz_enter(&f);
	if (send_all("failed", slice_of((const char *)data, size), 96, &out,
		     &kind) > 0)
		REACHED("receipts");
	if (access("failed", F_OK) == 0) {
		int fd = open("failed", O_RDONLY);

		HOLDS(fd >= 0);
		fuzz_read(fd, &again);
		close(fd);
		(void)fuzz_objects(buf_all(&again), "");
		n = count_events(buf_all(&again));
		if (n > 0)
			REACHED("failed events that are sent again");
		HOLDS(send_all(NULL, buf_all(&again), 0, &out, &kind) >= n);
		HOLDS(kind == ERR_PARTIAL);
	}
	fuzz_leave(&f);
	buf_clear(&out);
	buf_clear(&again);
	return 0;
}
