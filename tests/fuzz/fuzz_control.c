/* fuzz_control.c - any value of _rudder: what is accepted can be passed on and
 * quoted, as a line that is accepted again
 */
#include "fuzz.h"

#include "wire/stream/control.h"

/* The value of _rudder in a line, which must be good. */
static void again(struct control_reader *r, const struct buf *b,
		  enum control_type type)
{
	char *line = fuzz_line(b->p, b->n);
	struct scan *s = scan_new();
	struct control c;
	struct err e;
	size_t n;

	HOLDS(scan_object(s, slice_of(line, b->n)) == 0);
	HOLDS(scan_find(s, slice_str(CONTROL_NAME)) == 0);
	HOLDS(control_read(r, scan_members(s, &n)[0].value, &c, &e) == 0);
	HOLDS(n == 1 && c.type == type);
	scan_free(s);
	free(line);
}

static void pass_on(struct control_reader *r, const struct control *c)
{
	static const char *const drop[] = {"rows", "rejects", "skips", NULL};
	struct buf b = {0};

	control_rewrite(&b, c->body, "events", drop);
	control_add_count(&b, "rows", 1);
	control_add_text(&b, "rejects", slice_str("x"));
	control_close(&b);
	again(r, &b, c->type);
	buf_clear(&b);
}

static void quote(struct control_reader *r, const struct control *c)
{
	const struct control_note note = {
		.type = "reject",
		.stage = "map",
		.line = 1,
		.reason = "r",
		.action = c->action,
		.id = c->id,
		.change = c->change,
		.record = c->body,
	};
	struct buf b = {0};

	control_note(&b, &note);
	again(r, &b, CONTROL_REJECT);
	buf_clear(&b);
}

static void round_trip(struct slice id)
{
	struct buf b = {0};
	char change[32], again[32];
	uint64_t i, n;

	if (!control_change_of(id, change, &i, &n))
		return;
	REACHED("an id");
	control_message_id(&b, slice_of(change, 32), (uint32_t)id.n, i, n);
	HOLDS(b.n <= id.n); /* but for zeros in front */
	HOLDS(control_change_of(buf_all(&b), again, &i, &n) == 1);
	/* version and variant are put in, the rest of what counts stays */
	change[12] = again[12];
	change[16] = again[16];
	HOLDS(memcmp(again, change, CONTROL_FOUND_BY) == 0);
	buf_clear(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct control_reader *r = control_reader_new();
	struct scan *s = scan_new();
	struct buf b = {0};
	struct control c;
	struct err e = {0};
	char *line;
	size_t n;

	round_trip(slice_of((const char *)data, size));
	buf_str(&b, "{\"_rudder\":");
	buf_add(&b, data, size);
	buf_str(&b, "}");
	line = fuzz_line(b.p, b.n);
	if (scan_object(s, slice_of(line, b.n)) == 0) {
		struct slice value = scan_members(s, &n)[0].value;

		if (control_read(r, value, &c, &e) < 0) {
			REACHED("a control line that is refused");
			HOLDS(e.kind == ERR_DATA);
		} else {
			REACHED("a control line");
			HOLDS(c.change.n == 0 || c.change.n == 32);
			pass_on(r, &c);
			quote(r, &c);
		}
	}
	free(line);
	buf_clear(&b);
	scan_free(s);
	control_reader_free(r);
	return 0;
}
