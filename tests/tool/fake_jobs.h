/* fake_jobs.h - what a data plane knows of the events of a run, for fake.c.
 *
 * It answers GET /internal/v2/job-status/RUN and .../failed-records as
 * rudder-server does (github rudderlabs/rudder-server services/rsources, read
 * 2026-11-29), for whatever run is asked for, about all events stored so far:
 *
 *   - an event with the text DROPPED is dropped by the processor: it counts as
 *     failed for the source, and no list has it;
 *   - one with ABORTED422 (any status) is refused by the destination: it counts
 *     as failed for the destination, and its recordId is listed with the code,
 *     once however many events have it;
 *   - all others are out. A source whose events were all dropped has null for
 *     destinations. Without any event: 404.
 *   - failed records come in the order of their text, in pages where pageSize
 *     is given, then with paging.next where a page is full; else in one body.
 */
#ifndef TESTS_TOOL_FAKE_JOBS_H
#define TESTS_TOOL_FAKE_JOBS_H

#include "core/buf.h"
#include "wire/json/scan.h"

struct fake_jobs {
	long polls; /* job status says so often that it is not complete */
	size_t in, dropped, aborted;
	struct buf records; /* struct fake_record */
};

struct fake_record {
	char text[64];
	unsigned code;
};

static int fake_jobs_order(const void *a, const void *b)
{
	return strcmp(((const struct fake_record *)a)->text,
		      ((const struct fake_record *)b)->text);
}

static void fake_jobs_abort(struct fake_jobs *j, struct slice record,
			    unsigned code)
{
	struct fake_record one = {.code = code};
	struct fake_record *all = (void *)j->records.p;
	size_t n = j->records.n / sizeof(one);

	j->aborted++;
	snprintf(one.text, sizeof(one.text), "%.*s", SLICE_FMT(record));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(all[i].text, one.text) == 0)
			return;
	}
	buf_add(&j->records, &one, sizeof(one));
	qsort(j->records.p, n + 1, sizeof(one), fake_jobs_order);
}

/* An event was stored. */
static void fake_jobs_take(struct fake_jobs *j, struct scan *scan,
			   struct slice event)
{
	const char *p = memmem(event.p, event.n, "ABORTED", 7);
	size_t n;
	int at;

	j->in++;
	if (memmem(event.p, event.n, "DROPPED", 7)) {
		j->dropped++;
	} else if (p && scan_object(scan, event) == 0) {
		at = scan_find(scan, slice_str("recordId"));
		fake_jobs_abort(j,
				at < 0 ? slice_str("null")
				       : scan_members(scan, &n)[at].value,
				(unsigned)strtoul(p + 7, NULL, 10));
	}
}

static void fake_jobs_status(struct fake_jobs *j, struct buf *b)
{
	bool open = j->polls > 0 && j->polls-- > 0;
	size_t out = j->in - j->dropped;

	buf_fmt(b,
		"{\"id\":\"run\",\"tasks\":[{\"id\":\"t\",\"sources\":[{\"id\":"
		"\"s\",\"completed\":%s,\"stats\":{\"in\":%zu,\"out\":%zu,"
		"\"failed\":%zu},\"destinations\":",
		open ? "false" : "true", j->in, open ? 0 : out, j->dropped);
	if (out == 0)
		buf_str(b, "null");
	else
		buf_fmt(b,
			"[{\"id\":\"d\",\"completed\":%s,\"stats\":{\"in\":%zu,"
			"\"out\":%zu,\"failed\":%zu}}]",
			open ? "false" : "true", out,
			open ? 0 : out - j->aborted, j->aborted);
	buf_str(b, "}]}]}");
}

/* The value of a query parameter, as it is written; empty: none. */
static const char *fake_jobs_query(const char *path, const char *name)
{
	const char *at = strstr(path, name);

	return at ? at + strlen(name) : "";
}

static void fake_jobs_failed(const struct fake_jobs *j, const char *path,
			     struct buf *b)
{
	const struct fake_record *all = (const void *)j->records.p;
	size_t n = j->records.n / sizeof(*all), from = 0, to;
	size_t size = strtoul(fake_jobs_query(path, "pageSize="), NULL, 10);

	if (size > 0)
		from = strtoul(fake_jobs_query(path, "pageToken=at%2F"), NULL,
			       10);
	to = size > 0 && from + size < n ? from + size : n;
	buf_str(b, "{\"id\":\"run\",\"tasks\":[");
	if (n > 0)
		buf_str(b,
			"{\"id\":\"t\",\"sources\":[{\"id\":\"s\",\"records\":"
			"null,\"destinations\":[{\"id\":\"d\",\"records\":[");
	for (size_t i = from; i < to; i++)
		buf_fmt(b, "%s{\"record\":%s,\"code\":%u}", i > from ? "," : "",
			all[i].text, all[i].code);
	buf_str(b, n > 0 ? "]}]}]}]" : "]");
	if (size > 0 && to - from == size)
		buf_fmt(b, ",\"paging\":{\"size\":%zu,\"next\":\"at/%zu\"}",
			size, to);
	buf_char(b, '}');
}

/* The answer to a path below /internal/v2/job-status/: its status. */
static unsigned fake_jobs_answer(struct fake_jobs *j, const char *path,
				 struct buf *b)
{
	if (strstr(path, "/failed-records")) {
		fake_jobs_failed(j, path, b);
		return 200;
	}
	if (j->in == 0) {
		buf_str(b, "Status not found\n");
		return 404;
	}
	fake_jobs_status(j, b);
	return 200;
}

#endif
