#include "query/trino/trpage.h"

#include <stdlib.h>

#include "core/reader.h"
#include "query/trino/trvalue.h"
#include "wire/json/json.h"

static const struct {
	const char *name;
	enum err_kind kind;
} errors[] = {
	{"DIVISION_BY_ZERO", ERR_DATA},
	{"INVALID_CAST_ARGUMENT", ERR_DATA},
	{"INVALID_FUNCTION_ARGUMENT", ERR_DATA},
	{"NUMERIC_VALUE_OUT_OF_RANGE", ERR_DATA},
	{"SUBQUERY_MULTIPLE_ROWS", ERR_DATA},
	{"GENERIC_USER_ERROR", ERR_DATA},
	{"PERMISSION_DENIED", ERR_DENIED},
	{"USER_CANCELED", ERR_TEMP},
	{"ADMINISTRATIVELY_KILLED", ERR_TEMP},
	{"ADMINISTRATIVELY_PREEMPTED", ERR_TEMP},
	{"QUERY_REJECTED", ERR_TEMP},
	{"ABANDONED_QUERY", ERR_TEMP},
	{"EXCEEDED_TIME_LIMIT", ERR_TEMP},
	{"SERVER_STARTING_UP", ERR_TEMP},
	{"SERVER_SHUTTING_DOWN", ERR_TEMP},
	{"CLUSTER_OUT_OF_MEMORY", ERR_TEMP},
	/* error types, for errors that are not listed by name */
	{"INSUFFICIENT_RESOURCES", ERR_TEMP},
	{"USER_ERROR", ERR_CONFIG},
};

/* A member of the object read last, with its quotes if it is a string. */
static struct slice raw_member(const struct scan *s, const char *name)
{
	const struct scan_member *m = scan_get(s, name);

	return !m || m->kind == SCAN_NULL ? slice_of(NULL, 0) : m->value;
}

/* A string member without its quotes; p is NULL for any other value. */
static struct slice member(const struct scan *s, const char *name)
{
	struct slice v = raw_member(s, name);

	return v.p && *v.p == '"' ? json_inner(v) : slice_of(NULL, 0);
}

/* Scans an object that is part of a text; its members live until the next call.
 */
static int read_part(struct trpage *p, struct slice part)
{
	p->scratch.n = 0;
	buf_slice(&p->scratch, part);
	memset(buf_room(&p->scratch, READER_PAD), 0, READER_PAD);
	return scan_object(p->scan, buf_all(&p->scratch));
}

int trpage_failed(struct trpage *p, struct err *e)
{
	enum err_kind kind = ERR_REFUSED;
	struct slice name, type, message;
	struct buf text = {0};

	if (read_part(p, p->error) < 0)
		return err_set(e, ERR_PROTOCOL,
			       "unexpected error format from Trino");
	name = member(p->scan, "errorName");
	type = member(p->scan, "errorType");
	for (size_t i = COUNT_OF(errors); i-- > 0;) {
		if (slice_is(name, errors[i].name) ||
		    (kind == ERR_REFUSED && slice_is(type, errors[i].name)))
			kind = errors[i].kind;
	}
	message = member(p->scan, "message");
	if (message.p)
		json_decode(&text, message);
	(void)err_set(e, kind, "Trino: %.*s (%.*s)", SLICE_FMT(text),
		      SLICE_FMT(name));
	buf_clear(&text);
	return -1;
}

int trpage_column(struct trpage *p, struct slice column, struct buf *name,
		  struct buf *type, struct err *e)
{
	if (read_part(p, column) < 0 || !member(p->scan, "name").p ||
	    !member(p->scan, "type").p)
		return err_set(e, ERR_PROTOCOL,
			       "unexpected column format from Trino");
	json_decode(name, member(p->scan, "name"));
	json_decode(type, member(p->scan, "type"));
	(void)buf_cstr(name); /* makes p not NULL, also for "" */
	(void)buf_cstr(type);
	return 0;
}

static bool is_list(struct slice s)
{
	return !s.p || *s.p == '[';
}

int trpage_read(struct trpage *p, struct slice text, struct err *e)
{
	if (!p->scan)
		p->scan = scan_new();
	p->next = p->columns = p->data = p->error = slice_of(NULL, 0);
	if (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	if (text.n == 0 || *text.p != '{')
		return err_set(e, ERR_PROTOCOL, "Trino did not return a page");
	if (scan_object(p->scan, text) < 0)
		return err_set(e, ERR_PROTOCOL,
			       "Trino sent an invalid page: %s at byte %zu",
			       scan_why(p->scan), scan_at(p->scan));
	if (!member(p->scan, "id").p || !raw_member(p->scan, "stats").p)
		return err_set(e, ERR_PROTOCOL, "Trino did not return a page");
	p->next = raw_member(p->scan, "nextUri");
	if (p->next.p && *p->next.p != '"')
		return err_set(e, ERR_PROTOCOL, "Trino did not return a page");
	if (p->next.p)
		p->next = json_inner(p->next);
	p->columns = raw_member(p->scan, "columns");
	p->data = raw_member(p->scan, "data");
	p->error = raw_member(p->scan, "error");
	if (!is_list(p->columns) || !is_list(p->data))
		return err_set(e, ERR_PROTOCOL,
			       "Trino sent its rows in a format that was not "
			       "requested");
	return 0;
}

void trpage_clear(struct trpage *p)
{
	scan_free(p->scan);
	buf_clear(&p->scratch);
	*p = (struct trpage){0};
}

bool trpage_first(const char **at)
{
	*at = trvalue_skip(*at + 1);
	return **at != ']';
}

bool trpage_next(const char **at)
{
	*at = trvalue_skip(*at);
	if (**at == ',')
		*at = trvalue_skip(*at + 1);
	return **at != ']';
}
