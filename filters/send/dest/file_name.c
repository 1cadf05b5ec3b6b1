#include "send/dest/file_name.h"

#include "core/clock.h"
#include "send/dest/url_template.h"

/* Maximum length of a part of the path and of the whole path, with space for
 * the number that --rotate appends.
 */
enum { PART_MAX = 255 - 8, NAME_MAX_BYTES = 4096 - 8 };

int file_name_parse(struct file_name *n, const char *text, struct err *e)
{
	const char *p = text + strcspn(text, "%{}");
	const char *slash = *p ? memrchr(text, '/', (size_t)(p - text)) : NULL;

	*n = (struct file_name){.text = text};
	n->fixed = slash ? (size_t)(slash + 1 - text) : 0;
	for (; *p; p += strcspn(p, "%{}")) {
		if (*p == '{') {
			size_t name = strcspn(p + 1, "{}");

			if (name == 0 || p[1 + name] != '}')
				return err_names(e, ERR_USAGE,
						 "destination: '{' without a "
						 "name and '}'; write %%{ for "
						 "the character");
			n->by_event = true;
			p += name + 2;
		} else if (*p == '}') {
			p++;
		} else if (p[1] && strchr("YmdHM", p[1])) {
			n->dated = true;
			p += 2;
		} else if (p[1] == '%' || p[1] == '{') {
			p += 2;
		} else {
			return err_names(
				e, ERR_USAGE,
				"destination: a file name may have %%Y, "
				"%%m, %%d, %%H and %%M in it; write "
				"%%%% for the character");
		}
	}
	return 0;
}

static void add_time(char letter, uint64_t wall_ms, struct buf *to)
{
	unsigned minutes = (unsigned)(wall_ms / 60000 % 1440);
	int64_t year;
	int month, day;

	clock_civil((int64_t)(wall_ms / 86400000), &year, &month, &day);
	switch (letter) {
	case 'Y':
		buf_fmt(to, "%04jd", (intmax_t)year);
		break;
	case 'm':
		buf_fmt(to, "%02d", month);
		break;
	case 'd':
		buf_fmt(to, "%02d", day);
		break;
	case 'H':
		buf_fmt(to, "%02u", minutes / 60);
		break;
	case 'M':
		buf_fmt(to, "%02u", minutes % 60);
		break;
	default: /* %% or %{ */
		buf_char(to, letter);
	}
}

static void add_value(struct slice s, struct buf *to)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool keep = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
			    c == '~' || (c == '.' && i > 0);

		if (keep)
			buf_char(to, (char)c);
		else
			buf_fmt(to, "%%%02X", c);
	}
}

static bool too_long(const char *name)
{
	size_t n;

	if (strlen(name) >= NAME_MAX_BYTES)
		return true;
	for (; *name; name += n + (name[n] == '/')) {
		n = strcspn(name, "/");
		if (n > PART_MAX)
			return true;
	}
	return false;
}

const char *file_name_make(const struct file_name *n, struct url_template *t,
			   uint64_t wall_ms, struct buf *to)
{
	size_t from = to->n;
	const char *p = n->text;

	for (;;) {
		size_t len = strcspn(p, "%{");

		buf_add(to, p, len);
		p += len;
		if (*p == '\0')
			break;
		if (*p == '%') {
			add_time(p[1], wall_ms, to);
			p += 2;
			continue;
		}
		len = strcspn(++p, "}");
		if (!url_template_value(t, slice_of(p, len)))
			return "the event lacks a value for the file name";
		add_value(buf_all(&t->text), to);
		p += len + 1;
	}
	if (n->by_event && too_long(buf_cstr(to) + from))
		return "the event's value is too long for a file name";
	return NULL;
}
