#include "send/seal.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/file_map.h"
#include "core/num.h"

static void to_hex(struct hash h, char hex[32])
{
	num_to_hex(h.hi, hex);
	num_to_hex(h.lo, hex + 16);
}

static int broken(struct err *e, const char *why)
{
	return err_set(
		e, ERR_DATA,
		"the seal of these events is broken: %s; create the plan again",
		why);
}

/* Checks that the end line has this hash as its seal. */
static int compare(const struct control_reader *end, struct hash h,
		   struct err *e)
{
	struct slice seal = control_member(end, "seal");
	char hex[32];

	to_hex(h, hex);
	if (seal.n == sizeof(hex) + 2 &&
	    memcmp(seal.p + 1, hex, sizeof(hex)) == 0)
		return 0;
	return broken(
		e,
		seal.n == 0
			? "the end line has no seal"
			: "the events differ from those that rudder-map wrote");
}

/* ---- a stream ---------------------------------------------------------- */

static void add(struct seal *s, struct slice line)
{
	hash_long_add(s->hash, line.p, line.n);
	hash_long_add(s->hash, "\n", 1);
}

int seal_line(struct seal *s, const struct input *in, struct err *e)
{
	struct hash h;

	if (in->kind == INPUT_BEGIN && !s->hash &&
	    slice_is(control_member(in->controls, "sealed"), "true"))
		s->hash = hash_long_new(0);
	if (!s->hash)
		return 0;
	if (in->kind != INPUT_END) {
		add(s, in->line);
		return 0;
	}
	h = hash_long_end(s->hash);
	s->hash = NULL;
	return compare(in->controls, h, e);
}

void seal_clear(struct seal *s)
{
	if (s->hash)
		(void)hash_long_end(s->hash);
	s->hash = NULL;
}

/* ---- a file ------------------------------------------------------------ */

/* The parser of a single control line. */
struct one_line {
	struct scan *scan;
	struct control_reader *controls;
	struct buf line; /* the line that the members point into */
};

static bool is_control(struct one_line *x, struct slice text,
		       enum control_type type)
{
	struct control c;
	struct err ignored;
	size_t n;
	int at;

	x->line.n = 0;
	buf_slice(&x->line, text);
	memset(buf_room(&x->line, READER_PAD), 0, READER_PAD);
	if (scan_object(x->scan, buf_all(&x->line)) < 0)
		return false;
	at = scan_find(x->scan, slice_str(CONTROL_NAME));
	return at >= 0 &&
	       control_read(x->controls, scan_members(x->scan, &n)[at].value,
			    &c, &ignored) == 0 &&
	       c.type == type;
}

/* Splits the file into all bytes before its last line, and the last line
 * without its LF. False if the file does not have two lines.
 */
static bool split(const struct file_map *m, struct slice *before,
		  struct slice *last)
{
	const char *lf;

	if (m->n < 2 || m->p[m->n - 1] != '\n')
		return false;
	lf = memrchr(m->p, '\n', m->n - 1);
	if (!lf)
		return false;
	*before = slice_of(m->p, (size_t)(lf - m->p) + 1);
	*last = slice_of(lf + 1, m->n - before->n - 1);
	return true;
}

static int check(struct one_line *x, const struct file_map *m, struct err *e)
{
	const char *lf = m->n > 0 ? memchr(m->p, '\n', m->n) : NULL;
	struct hash_long *hash;
	struct slice before, last;

	if (!lf ||
	    !is_control(x, slice_of(m->p, (size_t)(lf - m->p)),
			CONTROL_BEGIN) ||
	    !slice_is(control_member(x->controls, "sealed"), "true"))
		return 0;
	if (!split(m, &before, &last) || !is_control(x, last, CONTROL_END))
		return broken(e, "the end line is missing");
	hash = hash_long_new(0);
	hash_long_add(hash, before.p, before.n);
	return compare(x->controls, hash_long_end(hash), e);
}

int seal_file(int fd, struct err *e)
{
	struct one_line x;
	struct file_map m;
	struct stat st;
	struct file_map rest;
	off_t at = lseek(fd, 0, SEEK_CUR);
	int rc;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || at < 0 ||
	    at > st.st_size)
		return 0;
	if (file_map_fd(&m, fd, "standard input", e) < 0)
		return -1;
	rest = m; /* an empty map has no address to add to */
	if (at > 0)
		rest = (struct file_map){m.p + at, m.n - (size_t)at};
	x = (struct one_line){.scan = scan_new(),
			      .controls = control_reader_new()};
	rc = check(&x, &rest, e);
	scan_free(x.scan);
	control_reader_free(x.controls);
	buf_clear(&x.line);
	file_map_clear(&m);
	return rc;
}
