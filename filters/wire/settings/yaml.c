#include "wire/settings/yaml.h"

#include <string.h>

bool yaml_named(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

#ifdef WITH_YAML

#include <stdlib.h>
#include <yaml.h>

#include "core/mem.h"
#include "wire/json/json.h"

#define BOM "\xef\xbb\xbf"

enum { DEPTH = 64, ANCHORS = 1000 };

/* An open collection. */
struct yaml_level {
	bool map;
	bool value; /* of a map: the next node is a value */
	bool any;
	size_t anchor; /* index + 1 of its anchor; 0: none */
};

/* The content of an anchor: bytes of the output. */
struct anchor {
	char *name; /* owned */
	size_t at, n;
	bool done; /* all of it has been written */
};

struct job {
	yaml_parser_t parser;
	yaml_event_t event;
	struct buf *out;
	size_t base; /* where our text begins in out */
	size_t line; /* lines written so far */
	struct yaml_level level[DEPTH];
	size_t depth;
	bool any; /* there was a document */
	struct anchor *anchor;
	size_t n_anchors;
};

static int wrong(const struct job *j, const char *why, struct err *e)
{
	return err_set(e, ERR_CONFIG, "line %zu, column %zu: %s",
		       j->event.start_mark.line + 1,
		       j->event.start_mark.column + 1, why);
}

/* Adds line ends up to the line of the event. */
static void sync_lines(struct job *j)
{
	for (; j->line < j->event.start_mark.line; j->line++)
		buf_char(j->out, '\n');
}

/* ---- scalars ---------------------------------------------------------- */

/* The end of the digits from p on; NULL if p is not at a digit. */
static const char *digits(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p > from ? p : NULL;
}

/* RFC 8259, section 6. */
static bool is_number(struct slice s)
{
	const char *p = s.p, *end = s.p + s.n, *from;

	if (p < end && *p == '-')
		p++;
	from = p;
	p = digits(p, end);
	if (!p || (*from == '0' && p - from > 1))
		return false;
	if (p < end && *p == '.')
		p = digits(p + 1, end);
	if (p && p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		p = digits(p, end);
	}
	return p == end;
}

/* The value of a plain scalar that is not a string, or NULL. YAML 1.2.2,
 * 10.3.2, with the numbers of JSON.
 */
static const char *plain_word(struct slice s)
{
	static const char *const words[][2] = {
		{"", "null"},       {"~", "null"},      {"null", "null"},
		{"Null", "null"},   {"NULL", "null"},   {"true", "true"},
		{"True", "true"},   {"TRUE", "true"},   {"false", "false"},
		{"False", "false"}, {"FALSE", "false"},
	};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (slice_is(s, words[i][0]))
			return words[i][1];
	}
	return NULL;
}

static void put_scalar(struct job *j, bool key)
{
	struct slice s = slice_of((const char *)j->event.data.scalar.value,
				  j->event.data.scalar.length);
	bool plain = j->event.data.scalar.plain_implicit && !key;
	const char *word = plain ? plain_word(s) : NULL;

	if (word)
		buf_str(j->out, word);
	else if (plain && is_number(s))
		buf_slice(j->out, s);
	else
		json_string(j->out, s);
}

/* ---- anchors ---------------------------------------------------------- */

static size_t add_anchor(struct job *j, const yaml_char_t *name)
{
	struct anchor *a;

	if (!name)
		return 0;
	j->anchor =
		mem_resize(j->anchor, (j->n_anchors + 1) * sizeof(*j->anchor));
	a = &j->anchor[j->n_anchors++];
	*a = (struct anchor){
		.name = mem_copy((const char *)name,
				 strlen((const char *)name)),
		.at = j->out->n,
	};
	return j->n_anchors;
}

static void end_anchor(struct job *j, size_t anchor)
{
	struct anchor *a;

	if (anchor == 0)
		return;
	a = &j->anchor[anchor - 1];
	a->n = j->out->n - a->at;
	a->done = true;
}

/* Adds what the anchor of that name had last, on the line of the alias. */
static int put_alias(struct job *j, struct err *e)
{
	const char *name = (const char *)j->event.data.alias.anchor;

	for (size_t i = j->n_anchors; i-- > 0;) {
		const struct anchor *a = &j->anchor[i];
		size_t at = j->out->n;

		if (strcmp(a->name, name) != 0)
			continue;
		if (!a->done)
			return wrong(j, "an alias within its own anchor", e);
		if (at - j->base + a->n > YAML_MAX)
			return wrong(j, "too long after aliases are expanded",
				     e);
		buf_room(j->out, a->n);
		buf_add(j->out, j->out->p + a->at, a->n);
		for (; at < j->out->n; at++) {
			if (j->out->p[at] == '\n')
				j->out->p[at] = ' ';
		}
		return 0;
	}
	return wrong(j, "an alias without an anchor", e);
}

/* ---- events ----------------------------------------------------------- */

static bool is_merge(const struct job *j)
{
	return j->event.type == YAML_SCALAR_EVENT &&
	       j->event.data.scalar.plain_implicit &&
	       strcmp((const char *)j->event.data.scalar.value, "<<") == 0;
}

/* Adds what must be before a node: 1 if the node is a key. */
static int before_node(struct job *j, struct err *e)
{
	struct yaml_level *l = j->depth ? &j->level[j->depth - 1] : NULL;
	bool key = l && l->map && !l->value;

	if (key && j->event.type != YAML_SCALAR_EVENT)
		return wrong(j, "a key must be a scalar", e);
	if (key && is_merge(j))
		return wrong(j, "merge keys (<<) are not supported", e);
	if (l ? l->any && !l->value : j->any)
		buf_char(j->out, ',');
	sync_lines(j);
	if (l) {
		l->any = true;
		l->value = key;
	} else {
		j->any = true;
	}
	return key;
}

static int check_tag(const struct job *j, const yaml_char_t *tag, struct err *e)
{
	if (!tag || strcmp((const char *)tag, YAML_STR_TAG) == 0)
		return 0;
	return wrong(j, "tags other than !!str are not supported", e);
}

static int check_anchors(const struct job *j, struct err *e)
{
	return j->n_anchors < ANCHORS ? 0
				      : wrong(j, "more than 1000 anchors", e);
}

static int open_level(struct job *j, bool map, const yaml_char_t *anchor,
		      const yaml_char_t *tag, struct err *e)
{
	if (check_tag(j, tag, e) < 0 || before_node(j, e) < 0 ||
	    check_anchors(j, e) < 0)
		return -1;
	if (j->depth == DEPTH)
		return wrong(j, "more than 64 levels", e);
	j->level[j->depth++] = (struct yaml_level){
		.map = map,
		.anchor = add_anchor(j, anchor),
	};
	buf_char(j->out, map ? '{' : '[');
	return 0;
}

static void close_level(struct job *j)
{
	const struct yaml_level *l = &j->level[--j->depth];

	buf_char(j->out, l->map ? '}' : ']');
	end_anchor(j, l->anchor);
}

static int scalar(struct job *j, struct err *e)
{
	size_t anchor;
	int key;

	if (check_tag(j, j->event.data.scalar.tag, e) < 0)
		return -1;
	key = before_node(j, e);
	if (key < 0 || check_anchors(j, e) < 0)
		return -1;
	anchor = add_anchor(j, j->event.data.scalar.anchor);
	put_scalar(j, key);
	end_anchor(j, anchor);
	if (key)
		buf_char(j->out, ':');
	return 0;
}

static int one_event(struct job *j, struct err *e)
{
	if (j->out->n - j->base > YAML_MAX)
		return wrong(j, "too long after aliases are expanded", e);
	switch (j->event.type) {
	case YAML_SCALAR_EVENT:
		return scalar(j, e);
	case YAML_ALIAS_EVENT:
		return before_node(j, e) < 0 ? -1 : put_alias(j, e);
	case YAML_MAPPING_START_EVENT:
		return open_level(j, true, j->event.data.mapping_start.anchor,
				  j->event.data.mapping_start.tag, e);
	case YAML_SEQUENCE_START_EVENT:
		return open_level(j, false, j->event.data.sequence_start.anchor,
				  j->event.data.sequence_start.tag, e);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		close_level(j);
		return 0;
	default:
		return 0; /* ends of documents and of the stream */
	}
}

static int refused(const struct job *j, struct err *e)
{
	const yaml_parser_t *p = &j->parser;

	if (p->error == YAML_READER_ERROR)
		return err_names(e, ERR_CONFIG, "byte %zu: %s",
				 p->problem_offset + 1, p->problem);
	return err_names(e, ERR_CONFIG, "line %zu, column %zu: %s",
			 p->problem_mark.line + 1, p->problem_mark.column + 1,
			 p->problem ? p->problem : "no YAML");
}

static int all_events(struct job *j, struct err *e)
{
	bool more = true;
	int rc = 0;

	while (rc == 0 && more) {
		if (!yaml_parser_parse(&j->parser, &j->event))
			return refused(j, e);
		more = j->event.type != YAML_STREAM_END_EVENT;
		rc = one_event(j, e);
		yaml_event_delete(&j->event);
	}
	return rc;
}

int yaml_json(struct buf *b, struct slice text, struct err *e)
{
	struct job j = {.out = b, .base = b->n};
	int rc;

	if (!yaml_parser_initialize(&j.parser))
		return err_set(e, ERR_OS, "no memory for YAML");
	if (slice_starts(text, BOM))
		text = slice_of(text.p + strlen(BOM), text.n - strlen(BOM));
	yaml_parser_set_encoding(&j.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&j.parser, (const unsigned char *)text.p,
				     text.n);
	buf_char(b, '[');
	rc = all_events(&j, e);
	buf_char(b, ']');
	yaml_parser_delete(&j.parser);
	for (size_t i = 0; i < j.n_anchors; i++)
		free(j.anchor[i].name);
	free(j.anchor);
	return rc;
}

#else

int yaml_json(struct buf *b, struct slice text, struct err *e)
{
	(void)b;
	(void)text;
	return err_set(e, ERR_CONFIG,
		       "this build has no YAML support: install libyaml-dev "
		       "and build again");
}

#endif
