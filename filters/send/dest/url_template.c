#include "send/dest/url_template.h"

#include "core/reader.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"

/* Appends the value, percent-encoded except for the characters that a path or
 * query may contain (RFC 3986, 2.3). The values "." and ".." are encoded
 * too, because they would change the path.
 */
static void encode(struct buf *b, struct slice s)
{
	bool dots = slice_is(s, ".") || slice_is(s, "..");

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool keep = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
			    c == '~' || (c == '.' && !dots);

		if (keep)
			buf_char(b, (char)c);
		else
			buf_fmt(b, "%%%02X", c);
	}
}

/* Finds the member with that dotted path. Returns its JSON, or an empty slice.
 */
static struct slice find(struct url_template *t, struct slice event,
			 struct slice path)
{
	struct slice v = event;

	while (path.n > 0) {
		const char *dot = memchr(path.p, '.', path.n);
		size_t n = dot ? (size_t)(dot - path.p) : path.n, count;
		int at;

		if (*v.p != '{' || scan_object(t->scan, v) < 0)
			return slice_of(NULL, 0);
		at = scan_find(t->scan, slice_of(path.p, n));
		if (at < 0)
			return slice_of(NULL, 0);
		v = scan_members(t->scan, &count)[at].value;
		n += dot != NULL;
		path = slice_of(path.p + n, path.n - n);
	}
	return v;
}

/* Whether a part of a path means the same folder or the one above, also with
 * %2E, which nginx and browsers decode first (WHATWG URL, 4.1).
 */
static bool climbs(struct slice part)
{
	size_t dots = 0;

	while (part.n > 0) {
		size_t n = *part.p == '.' ? 1 : 3;

		if (n == 3 && !(part.n >= 3 && (slice_starts(part, "%2E") ||
						slice_starts(part, "%2e"))))
			return false;
		part = slice_of(part.p + n, part.n - n);
		dots++;
	}
	return dots == 1 || dots == 2;
}

/* Whether a value has made such a part in the path. Values contain no /, so the
 * template and the URL have the same parts.
 */
static bool has_climbed(const char *template, const char *url)
{
	while (*url && *url != '?' && *url != '#') {
		size_t n = strcspn(url, "/?#"), m = 0;
		bool value = false;

		for (; template[m] && !strchr("/?#", template[m]); m++) {
			value |= template[m] == '{';
			if (template[m] == '{')
				m += strcspn(template + m, "}") - 1;
		}
		if (value && climbs(slice_of(url, n)))
			return true;
		url += n + (url[n] == '/');
		template += m + (template[m] == '/');
	}
	return false;
}

int url_template_check(const char *url, struct err *e)
{
	const char *host = strstr(url, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;
	const char *open = strchr(url, '{');

	if (open && (!path || open < path))
		return err_set(
			e, ERR_USAGE,
			"destination: {...} is only allowed after the host");
	for (; open; open = strchr(open, '{')) {
		open += strcspn(open, "}");
		if (*open != '}')
			return err_names(e, ERR_USAGE,
					 "destination: '{' without '}'");
	}
	return 0;
}

void url_template_init(struct url_template *t)
{
	*t = (struct url_template){.scan = scan_new()};
}

void url_template_clear(struct url_template *t)
{
	scan_free(t->scan);
	buf_clear(&t->text);
	buf_clear(&t->event);
	*t = (struct url_template){0};
}

void url_template_event(struct url_template *t, struct slice event)
{
	t->event.n = 0;
	buf_slice(&t->event, event);
	memset(buf_room(&t->event, READER_PAD), 0, READER_PAD);
}

bool url_template_text(struct url_template *t, struct slice v)
{
	t->text.n = 0;
	if (v.n == 0 || *v.p == 'n' || *v.p == '{' || *v.p == '[')
		return false;
	if (*v.p == '"')
		json_decode(&t->text, json_inner(v));
	else
		buf_slice(&t->text, v);
	json_surrogates(&t->text, 0);
	return t->text.n > 0;
}

bool url_template_value(struct url_template *t, struct slice path)
{
	return url_template_text(t, find(t, buf_all(&t->event), path));
}

const char *url_template_fill(struct url_template *t, const char *template,
			      struct buf *url)
{
	const char *p = template;

	for (;;) {
		size_t n = strcspn(p, "{");

		buf_add(url, p, n);
		p += n;
		if (*p == '\0')
			return has_climbed(template, buf_cstr(url))
				       ? "the event's values would put '.' or "
					 "'..' into the URL's path"
				       : NULL;
		n = strcspn(++p, "}");
		if (!url_template_value(t, slice_of(p, n)))
			return "the event lacks a value for the URL";
		encode(url, buf_all(&t->text));
		p += n + 1;
	}
}
