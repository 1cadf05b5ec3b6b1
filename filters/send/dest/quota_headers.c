#include "send/dest/quota_headers.h"

#include <stdlib.h>
#include <strings.h>

enum { VALUE_MAX = 1024 };

#define DAY_S   86400.0
#define SINCE_S 1e9  /* a larger reset is a time since 1970, in seconds, */
#define SINCE_M 1e12 /* or, if larger than this, in milliseconds */

static void keep(struct buf *b, struct slice v)
{
	while (v.n > 0 && (*v.p == ' ' || *v.p == '\t'))
		v = slice_of(v.p + 1, v.n - 1);
	b->n = 0;
	if (v.n <= VALUE_MAX)
		buf_slice(b, v);
}

void quota_headers_take(struct quota_headers *q, struct slice line)
{
	static const struct {
		const char *name;
		size_t at;
	} known[] = {
		{"ratelimit:", offsetof(struct quota_headers, field)},
		{"ratelimit-remaining:",
		 offsetof(struct quota_headers, remaining)},
		{"ratelimit-reset:", offsetof(struct quota_headers, reset)},
		{"rate-limit-remaining:",
		 offsetof(struct quota_headers, remaining)},
		{"rate-limit-reset:", offsetof(struct quota_headers, reset)},
	};

	if (line.n > 2 && strncasecmp(line.p, "x-", 2) == 0)
		line = slice_of(line.p + 2, line.n - 2);
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		size_t n = strlen(known[i].name);

		if (line.n > n && strncasecmp(line.p, known[i].name, n) == 0)
			keep((void *)((char *)q + known[i].at),
			     slice_of(line.p + n, line.n - n));
	}
}

void quota_headers_reset(struct quota_headers *q)
{
	q->field.n = q->remaining.n = q->reset.n = 0;
}

void quota_headers_clear(struct quota_headers *q)
{
	buf_clear(&q->field);
	buf_clear(&q->remaining);
	buf_clear(&q->reset);
}

/* The number that the text begins with; -1 if it does not begin with a digit.
 */
static double number(const char *text)
{
	char *end;
	double v;

	if (*text < '0' || *text > '9')
		return -1;
	v = strtod(text, &end);
	return end > text ? v : -1;
}

static double text_number(const struct buf *b)
{
	char text[32];

	if (b->n == 0 || b->n >= sizeof(text))
		return -1;
	memcpy(text, b->p, b->n);
	text[b->n] = '\0';
	return number(text);
}

/* The number after NAME= in [p, end), or -1. */
static double member(const char *p, const char *end, const char *name)
{
	size_t n = strlen(name);

	for (; p < end; p++) {
		bool starts = strncasecmp(p, name, n) == 0 && p[n] == '=';

		if (starts)
			return number(p + n + 1);
		while (p < end && *p != ';' && *p != ',' && *p != ' ')
			p++;
	}
	return -1;
}

static double wait_s(double reset, uint64_t wall_ms)
{
	double now = (double)wall_ms / 1000;

	if (reset >= SINCE_M)
		reset = reset / 1000 - now;
	else if (reset >= SINCE_S)
		reset -= now;
	if (reset < 0)
		return 0;
	return reset < DAY_S ? reset : DAY_S;
}

/* Reads the single field: remaining and reset, or policies with r and t.
 * Returns the wait in seconds, of the policies without remaining requests the
 * longest.
 */
static double of_field(const char *p, uint64_t wall_ms, bool *empty)
{
	double remaining = member(p, p + strlen(p), "remaining"), most = 0;
	double reset = member(p, p + strlen(p), "reset");

	if (remaining >= 0 || reset >= 0) {
		*empty = remaining == 0;
		return wait_s(reset, wall_ms);
	}
	while (*p) {
		const char *end = p + strcspn(p, ",");
		double left = member(p, end, "r"), s = member(p, end, "t");

		if (left == 0 && s >= 0) {
			*empty = true;
			s = wait_s(s, wall_ms);
			most = s > most ? s : most;
		}
		p = end + (*end == ',');
	}
	return most;
}

uint64_t quota_headers_wait(const struct quota_headers *q, uint64_t wall_ms,
			    bool *empty)
{
	struct buf field = {0};
	double s;

	*empty = false;
	if (q->field.n > 0) {
		buf_slice(&field, buf_all(&q->field));
		s = of_field(buf_cstr(&field), wall_ms, empty);
		buf_clear(&field);
	} else {
		*empty = text_number(&q->remaining) == 0;
		s = wait_s(text_number(&q->reset), wall_ms);
	}
	*empty = *empty && s > 0;
	return (uint64_t)(s * 1000 + 0.5);
}
