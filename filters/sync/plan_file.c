#include "sync/plan_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/num.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"

enum { LAST_LINE = 64 * 1024, VERSION = 1 };

static void add_hash(struct buf *b, struct slice text)
{
	struct hash h = hash_bytes(text.p, text.n, 0);

	buf_fmt(b, "%016jx%016jx", (uintmax_t)h.hi, (uintmax_t)h.lo);
}

char *plan_file_delivery(struct slice text)
{
	struct buf b = {0};

	add_hash(&b, text);
	return buf_cstr(&b);
}

/* Appends the seal in the last line, an end line, to b. */
static int read_seal(int fd, struct buf *b, struct err *e)
{
	static const char member[] = "\"seal\":\"";
	struct buf tail = {0};
	struct stat st;
	const char *at = NULL;
	ssize_t got = -1;
	off_t from;

	if (fstat(fd, &st) == 0) {
		from = st.st_size - LAST_LINE;
		if (from < PLAN_FILE_HEAD)
			from = PLAN_FILE_HEAD;
		got = pread(fd, buf_room(&tail, LAST_LINE), LAST_LINE, from);
	}
	if (got < 0) {
		buf_clear(&tail);
		return err_sys(e, ERR_IO, "cannot read the plan");
	}
	tail.n = (size_t)got;
	for (const char *p = buf_cstr(&tail); (p = strstr(p, member)); p++)
		at = p + strlen(member);
	if (at && strlen(at) > 32 && strcmp(at + 32, "\"}}\n") == 0)
		buf_add(b, at, 32);
	else
		err_set(e, ERR_CONFIG, "the plan is not whole: it has no seal");
	buf_clear(&tail);
	return b->n > 0 ? 0 : -1;
}

static void add_text(struct buf *b, const char *name, const char *text)
{
	buf_fmt(b, ",\"%s\":", name);
	json_string(b, slice_str(text));
}

/* Appends the header without its hash. */
static void add_members(struct buf *b, const struct plan_file *p)
{
	buf_fmt(b, "{\"rudder_plan\":%d", VERSION);
	add_text(b, "file", p->file);
	add_text(b, "destination", p->destination);
	add_text(b, "delivery", p->delivery);
	add_text(b, "created", p->created);
	buf_str(b, ",\"expires\":\"");
	clock_stamp(b, p->expires_ms);
	buf_fmt(b, "\",\"expires_ms\":%ju,\"events\":%ju",
		(uintmax_t)p->expires_ms, (uintmax_t)p->events);
}

/* Appends the hash of members and seal to b. */
static void add_check(struct buf *b, struct slice members, struct slice seal)
{
	struct buf all = {0};

	buf_slice(&all, members);
	buf_slice(&all, seal);
	add_hash(b, buf_all(&all));
	buf_clear(&all);
}

int plan_file_write(int fd, const struct plan_file *p, struct err *e)
{
	struct buf b = {0}, check = {0}, seal = {0};
	int rc = read_seal(fd, &seal, e);

	add_members(&b, p);
	add_check(&check, buf_all(&b), buf_all(&seal));
	buf_fmt(&b, ",\"hash\":\"%s\"}", buf_cstr(&check));
	if (rc == 0 && b.n >= PLAN_FILE_HEAD)
		rc = err_set(e, ERR_CREATE,
			     "the path of the sync file is too long for a "
			     "plan");
	while (b.n < PLAN_FILE_HEAD - 1)
		buf_char(&b, ' ');
	buf_char(&b, '\n');
	if (rc == 0 && pwrite(fd, b.p, PLAN_FILE_HEAD, 0) != PLAN_FILE_HEAD)
		rc = err_sys(e, ERR_IO, "cannot write the plan");
	buf_clear(&b);
	buf_clear(&check);
	buf_clear(&seal);
	return rc;
}

static int take_text(char **to, const struct doc *d, const char *name)
{
	const struct doc *m = doc_get(d, name);

	if (!m || m->kind != SCAN_STRING)
		return -1;
	*to = mem_copy(m->text, m->text_n);
	return 0;
}

static int take_number(uint64_t *to, const struct doc *d, const char *name)
{
	const struct doc *m = doc_get(d, name);

	return m ? num_uint(m->raw, to) : -1;
}

/* Reads the members and checks the hash. */
static int take(struct plan_file *p, const struct doc *d, struct slice seal,
		struct err *e)
{
	const struct doc *v = doc_get(d, "rudder_plan");
	const struct doc *hash = doc_get(d, "hash");
	struct buf b = {0}, check = {0};
	bool same;

	if (!v)
		return err_set(e, ERR_CONFIG, "this is not a plan of rudder");
	if (!slice_is(v->raw, "1"))
		return err_set(e, ERR_CONFIG,
			       "the plan is of a later version of rudder");
	if (take_text(&p->file, d, "file") < 0 ||
	    take_text(&p->destination, d, "destination") < 0 ||
	    take_text(&p->delivery, d, "delivery") < 0 ||
	    take_text(&p->created, d, "created") < 0 ||
	    take_number(&p->expires_ms, d, "expires_ms") < 0 ||
	    take_number(&p->events, d, "events") < 0)
		return err_set(e, ERR_CONFIG,
			       "the header of the plan is "
			       "damaged");
	add_members(&b, p);
	add_check(&check, buf_all(&b), seal);
	same = hash && hash->text && strcmp(hash->text, buf_cstr(&check)) == 0;
	buf_clear(&b);
	buf_clear(&check);
	return same ? 0
		    : err_set(e, ERR_CONFIG,
			      "the plan was changed after it was made; make a "
			      "new one");
}

int plan_file_read(int fd, struct plan_file *p, struct err *e)
{
	struct buf head = {0}, seal = {0};
	struct doc *d = NULL;
	struct err ignored;
	ssize_t got =
		pread(fd, buf_room(&head, PLAN_FILE_HEAD), PLAN_FILE_HEAD, 0);
	int rc = 0;

	*p = (struct plan_file){0};
	head.n = got > 0 ? (size_t)got : 0;
	if (got < 0)
		rc = err_sys(e, ERR_IO, "cannot read the plan");
	else if (head.n < PLAN_FILE_HEAD ||
		 head.p[PLAN_FILE_HEAD - 1] != '\n' ||
		 doc_parse(&d, buf_all(&head), &ignored) < 0)
		rc = err_set(e, ERR_CONFIG, "this is not a plan of rudder");
	if (rc == 0)
		rc = read_seal(fd, &seal, e);
	if (rc == 0)
		rc = take(p, d, buf_all(&seal), e);
	doc_free(d);
	buf_clear(&head);
	buf_clear(&seal);
	return rc;
}

void plan_file_clear(struct plan_file *p)
{
	free(p->file);
	free(p->destination);
	free(p->delivery);
	free(p->created);
	*p = (struct plan_file){0};
}
