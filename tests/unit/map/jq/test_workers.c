/* test_workers.c - unit tests of map/jq/workers.h, with a child that is hostile
 */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/buf.h"
#include "map/jq/event_wrap.h"
#include "map/jq/workers_parts.h"
#include "scratch.h"
#include "wire/jq/jqjson.h"

enum act {
	HONEST,
	DONE_TOO_MANY,
	LONG_ANSWER,
	LONG_LATER_ANSWER,
	WRONG_STATE,
	NOTHING_DONE,
	MANY_BYTES,
	PARENTS_NUMBERS,
	SLEEPS,
	CLOSES,
	OTHERS,  /* with the memory of other workers */
	GARBAGE, /* and all above, with another seed each */
	ACTS = GARBAGE + 200
};

/* Where the workers have their memory, for the child: it was forked before the
 * test could know.
 */
struct known {
	struct workers_shared *shared;
	char *out[2];
	unsigned act;
};

static struct known *known;

struct seen {
	uint64_t next; /* row that is due */
	uint64_t ok;
	struct buf last;
};

/* ---- the child -------------------------------------------------------- */

static void answer(uint64_t events, uint32_t n, uint16_t ok, size_t at)
{
	const struct workers_answer a = {.events = events, .n = n, .ok = ok};

	for (size_t i = 0; i < 2; i++)
		memcpy(known->out[i] + at, &a, sizeof(a));
}

static void garbage(unsigned seed)
{
	unsigned char *p[3] = {(void *)known->out[0], (void *)known->out[1],
			       (void *)known->shared};

	for (size_t k = 0; k < 3; k++) {
		for (size_t i = 0; i < (k < 2 ? 4096 : sizeof(*known->shared));
		     i++) {
			seed = seed * 1103515245u + 12345u;
			p[k][i] = (unsigned char)(seed >> 16);
		}
	}
}

static void scribble(unsigned act)
{
	known->shared->done = 1;
	switch (act) {
	case DONE_TOO_MANY:
		answer(1, 1, 1, 0);
		known->shared->done = SIZE_MAX;
		break;
	case LONG_ANSWER:
		answer(1, UINT32_MAX, 1, 0);
		break;
	case LONG_LATER_ANSWER:
		answer(1,
		       (uint32_t)(WORKERS_OUT -
				  2 * sizeof(struct workers_answer)),
		       1, 0);
		answer(1, 1, 1, WORKERS_OUT - sizeof(struct workers_answer));
		known->shared->done = 2;
		break;
	case WRONG_STATE:
		answer(1, 1, 7, 0);
		break;
	case PARENTS_NUMBERS:
		answer(1, 1, 1, 0);
		known->shared->slot = 12345;
		known->shared->in_n = SIZE_MAX;
		known->shared->start = SIZE_MAX / 2;
		break;
	case NOTHING_DONE:
	case MANY_BYTES:
		known->shared->done = 0;
		break;
	default:
		garbage(act);
	}
}

static NO_RETURN void sleep_on_all(void)
{
	char byte;

	for (int fd = 3;; fd = fd < 64 ? fd + 1 : 3)
		(void)!read(fd, &byte, 1);
}

static NO_RETURN void close_all(void)
{
	for (int fd = 3;; fd = fd < 64 ? fd + 1 : 3)
		close(fd);
}

/* Says that it is done, whatever it is asked, until the parent closes. */
static NO_RETURN void lie(unsigned act)
{
	int fd = 3;
	char byte = 0;

	if (act == OTHERS)
		known->shared->done = 12345;
	if (act == SLEEPS)
		sleep_on_all();
	if (act == CLOSES)
		close_all();
	scribble(act);
	while (fd < 64 && write(fd, &byte, 1) != 1)
		fd++;
	for (int i = 0; act == MANY_BYTES && i < 100; i++)
		(void)!write(fd, &byte, 1);
	while (read(fd, &byte, 1) == 1) {
		scribble(act);
		if (write(fd, &byte, 1) != 1)
			break;
	}
	_exit(0);
}

static int run(void *work, const struct workers_given *row, struct buf *out,
	       uint64_t *n, bool *left)
{
	(void)work;
	(void)left;
	if (known->act != HONEST)
		lie(known->act);
	out->n = 0;
	buf_slice(out, row->row);
	*n = 1;
	return 0;
}

/* ---- the parent ------------------------------------------------------- */

static int done(void *ctx, const struct workers_row *row, bool ok, uint64_t n,
		struct slice text, struct err *e)
{
	struct seen *s = ctx;
	char want[32];

	(void)e;
	assert_int_equal(row->lineno, s->next);
	snprintf(want, sizeof(want), "row %ju", (uintmax_t)s->next++);
	assert_true(slice_is(row->field[WORKERS_LINE], want));
	assert_true(slice_is(row->field[WORKERS_KEY], "\"key\""));
	assert_true(ok || n == 0);
	s->ok += ok;
	s->last.n = 0;
	buf_slice(&s->last, text);
	return 0;
}

static void put(struct workers *c, uint64_t number)
{
	struct workers_row r = {.lineno = number, .number = number};
	struct err e = {0};
	char line[32];

	snprintf(line, sizeof(line), "row %ju", (uintmax_t)number);
	r.field[WORKERS_LINE] = slice_str(line);
	r.field[WORKERS_KEY] = slice_str("\"key\"");
	assert_int_equal(workers_put(c, &r, &e), 0);
}

static void drain(struct workers *c)
{
	struct err e = {0};

	assert_int_equal(workers_drain(c, &e), 0);
}

/* The shared memory of the workers, by the sizes of what is mapped. */
static void find_memory(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[512];
	size_t outs = 0;

	known->shared = NULL;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		char *end;
		unsigned long from = strtoul(line, &end, 16);
		unsigned long to = strtoul(end + 1, &end, 16);

		if (strncmp(end, " rw-s", 5) != 0)
			continue;
		if (to - from == 4096)
			known->shared = (void *)from;
		else if (to - from == WORKERS_OUT && outs < 2)
			known->out[outs++] = (void *)from;
	}
	fclose(f);
	assert_true(known->shared && outs == 2);
}

static struct workers *new_workers(struct seen *seen)
{
	const struct workers_options o = {
		.processes = 1,
		.time_ms = 400,
		.idle_ms = 300,
		.memory = (uint64_t)1 << 30,
		.max_line = 4096,
		.done = done,
		.ctx = seen,
		.run = run,
	};

	return workers_new(&o);
}

static void reads_nothing_that_a_child_makes_up(void **state)
{
	struct seen seen = {.next = 1};
	uint64_t row = 1;

	(void)state;
	known = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(known != MAP_FAILED);
	for (unsigned act = HONEST + 1; act < ACTS; act++) {
		/* new workers, for the last child may still be hostile */
		struct workers *c = new_workers(&seen);

		known->act = HONEST;
		seen.ok = 0;
		put(c, row++);
		drain(c);
		assert_int_equal(seen.ok, 1);
		find_memory();
		known->act = act;
		put(c, row++);
		put(c, row++);
		drain(c);
		assert_int_equal(seen.next, row); /* each row once, in order */
		known->act = HONEST;
		put(c, row++);
		drain(c);
		assert_int_equal(seen.next, row);
		workers_free(c);
	}
	buf_clear(&seen.last);
	munmap(known, 8192);
}

static void keeps_the_memory_of_others_from_a_child(void **state)
{
	struct seen seen = {.next = 1};
	struct workers *c = new_workers(&seen), *other = new_workers(&seen);

	(void)state;
	known = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(known != MAP_FAILED);
	put(c, 1);
	drain(c);
	find_memory();
	known->shared->done = 0;
	known->act = OTHERS;
	put(other, 2);
	drain(other);
	assert_int_equal(seen.ok, 1);
	assert_int_equal(known->shared->done, 0);
	workers_free(other);
	workers_free(c);
	buf_clear(&seen.last);
	munmap(known, 8192);
}

/* What such a child may say of its own row, too, is not mistaken for more than
 * an event of that row.
 */
static void makes_no_event_of_what_is_not_one(void **state)
{
	static const char *const bad[] = {
		"",
		"{",
		"[]",
		"{}}",
		"{\"a\":1}{\"b\":2}",
		"{\"a\":1,\"a\":2}",
		"{\"a\":\"\xff\"}",
		"{\"a\":\"\x01\"}",
		"{\"_rudder\":{\"type\":\"end\",\"stream\":\"events\"}}",
		"{\"\\u005frudder\":{\"type\":\"begin\"}}",
		"{\"messageId\":\"of another row\"}",
		"{\"message\\u0049d\":\"of another row\"}",
		"{\"recordId\":\"of another row\"}",
		"{\"context\":{ }}",
		"{\"context\":{\"s\\u006furces\":1}}",
		"{\"type\":\"\\u0072ecord\"}",
		"{\"traits\":{\"a\":\"\\/\"}}",
	};
	const struct event_wrap_row row = {
		.id = slice_str("0123456789abcdef0123456789abcdef"),
		.record = slice_str("\"1\""),
		.user_id = slice_str("\"u\""),
		.change = true,
	};
	struct event_wrap_event event = {0};
	static const char good[] =
		"{\"traits\":{\"\\\"\\\\\\b\\f\\n\\r\\t\":"
		"\"\\u0001\\u001f \xc3\xa9\",\"b\":[{},[],-1.5e+300]}}";
	struct event_wrap s = {0};
	struct buf out = {0}, deep = {0};
	const char *good_at;

	(void)state;
	event_wrap_event_set(&event, "identify", slice_str("{}"), 0);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		if (!event_wrap_object(&s, slice_str(bad[i]), &row, &event, 1,
				       1, &out))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(out.n, 0);
	}
	for (size_t i = 0; i < JQJSON_DEPTH; i++)
		buf_str(&deep, "{\"a\":");
	buf_str(&deep, "{}");
	for (size_t i = 0; i < JQJSON_DEPTH; i++)
		buf_char(&deep, '}');
	assert_non_null(event_wrap_object(&s, buf_all(&deep), &row, &event, 1,
					  1, &out));
	assert_int_equal(out.n, 0);
	assert_null(event_wrap_object(&s, slice_str(good), &row, &event, 1, 1,
				      &out));
	good_at = strstr(buf_cstr(&out), "\"traits\"");
	assert_non_null(good_at);
	assert_memory_equal(good_at, good + 1, sizeof(good) - 3);
	event_wrap_event_clear(&event);
	event_wrap_clear(&s);
	buf_clear(&deep);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_nothing_that_a_child_makes_up),
		cmocka_unit_test(keeps_the_memory_of_others_from_a_child),
		cmocka_unit_test(makes_no_event_of_what_is_not_one),
	};

	if (scratch_by_valgrind())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
