#include "query/model.h"

#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "core/file.h"
#include "core/mem.h"
#include "query/model_meaning.h"
#include "query/names.h"
#include "query/sqltoken.h"
#include "query/value.h"
#include "wire/json/number.h"

static bool begins_query(struct slice word)
{
	static const char *const words[] = {"select", "with", "values", "table",
					    "from"};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (word.n == strlen(words[i]) &&
		    strncasecmp(word.p, words[i], word.n) == 0)
			return true;
	}
	return false;
}

static unsigned line_of(const struct buf *text, const char *p)
{
	unsigned line = 1;

	for (const char *q = text->p; q < p; q++)
		line += *q == '\n';
	return line;
}

/* What is known from the tokens of a model so far. */
struct shape {
	bool begun, ended;
	size_t depth;
	bool operand; /* the last token ends a value */
	bool word;    /* the last token is a word, directly before */
	char last;    /* last byte that is not white space */
};

/* Whether a colon here is an operator between values, as in a[1:n] and {'a':n}.
 */
static bool is_between(const struct shape *s, const struct model_sql *sql)
{
	return !sql->only_params && (s->operand || s->word);
}

/* Whether it is a parameter ?, $1, $a or @a. The database would number it among
 * those of -P, and give it the value of one of them or of the cursor. A string
 * in $$ ends with $.
 */
static bool is_unnamed(const struct model_sql *sql, struct slice text)
{
	return sql->marks && *text.p != '\0' && strchr(sql->marks, *text.p) &&
	       (text.n == 1 || text.p[text.n - 1] != '$');
}

static void note_token(struct shape *s, enum sqltoken t, struct slice text)
{
	char last = text.p[text.n - 1];

	s->word = t == SQLTOKEN_WORD;
	if (t == SQLTOKEN_SPACE)
		return;
	s->last = last;
	s->operand = t == SQLTOKEN_CLOSE || t == SQLTOKEN_PARAM ||
		     (t == SQLTOKEN_WORD && *text.p >= '0' && *text.p <= '9') ||
		     (t == SQLTOKEN_OTHER && strchr("'\"`]}", last));
}

/* Whether the text is a dbt template, like {{ ref('users') }} or {% if %}, but
 * not DuckDB's {{'a': 1}}.
 */
static bool is_template(struct slice s)
{
	size_t i = 2;

	if (slice_starts(s, "{%"))
		return true;
	if (!slice_starts(s, "{{"))
		return false;
	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '-' || s.p[i] == '\n'))
		i++;
	if (i == s.n || !((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '_'))
		return false;
	while (i < s.n && ((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '_' ||
			   (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.'))
		i++;
	while (i < s.n && s.p[i] == ' ')
		i++;
	return i < s.n && (s.p[i] == '(' || s.p[i] == '|' || s.p[i] == '}');
}

/* Recognizes syntax of other tools that no database accepts. Returns what to do
 * instead, or NULL.
 */
static const char *foreign_syntax(const struct shape *s,
				  const struct sqltokens *x, enum sqltoken t,
				  bool given)
{
	struct slice rest = slice_of(x->text.p, (size_t)(x->end - x->text.p));

	if (t == SQLTOKEN_OTHER && is_template(rest))
		return "this is a dbt template; use --dbt target/manifest.json "
		       "--model NAME, or the SQL from dbt compile";
	if (t == SQLTOKEN_OTHER && *x->text.p == '\\' && !s->begun)
		return "this is a psql command; a model is one SELECT";
	if (t == SQLTOKEN_OTHER && is_unnamed(x->sql, x->text))
		return "this parameter has no name; write :name and use -P "
		       "NAME=VALUE";
	if (is_between(s, x->sql) || s->last == '[' || x->sql->braces)
		return NULL;
	if (t == SQLTOKEN_PARAM && !given &&
	    !(x->text.p[1] >= '0' && x->text.p[1] <= '9'))
		return "this parameter has no value; use -P NAME=VALUE";
	if (slice_starts(rest, ":'") || slice_starts(rest, ":\""))
		return "this is a psql variable; write :name and use -P "
		       "NAME=VALUE";
	return NULL;
}

static const char *check_token(struct shape *s, enum sqltoken t,
			       struct slice text)
{
	if (t == SQLTOKEN_SPACE || (t == SQLTOKEN_SEMICOLON && s->ended))
		return NULL;
	if (s->ended)
		return "more than one statement";
	if (t == SQLTOKEN_SEMICOLON) {
		s->ended = s->begun;
		return s->depth > 0 ? "a '(' without a ')'" : NULL;
	}
	if (!s->begun && t != SQLTOKEN_OPEN) {
		if (t != SQLTOKEN_WORD || !begins_query(text))
			return "not a SELECT";
		s->begun = true;
	}
	if (t == SQLTOKEN_OPEN)
		s->depth++;
	if (t == SQLTOKEN_CLOSE && s->depth-- == 0)
		return "a ')' without a '('";
	return NULL;
}

static void use_param(struct model *m, const struct model_sql *sql, size_t i)
{
	size_t at = m->text.n;

	if (sql->braces)
		buf_fmt(&m->text, "{%.*s:String}", SLICE_FMT(m->param[i].name));
	else
		buf_char(&m->text, sql->param);
	if (sql->numbered)
		buf_uint(&m->text, i + 1);
	m->use = mem_resize(m->use, (m->uses + 1) * sizeof(*m->use));
	m->use[m->uses++] = (struct model_use){at, m->text.n - at, i};
}

static bool is_given(const struct model_from *from, struct slice text)
{
	for (size_t i = 0; i < from->n; i++) {
		if (slice_eq(from->param[i].name,
			     slice_of(text.p + 1, text.n - 1)))
			return true;
	}
	return false;
}

/* Appends :name, as a parameter if -P gives it, otherwise unchanged. */
static void put_param(struct model *m, const struct model_from *from,
		      const struct model_sql *sql, struct slice text)
{
	for (size_t i = 0; i < from->n; i++) {
		struct model_param *p = &from->param[i];

		if (!slice_eq(p->name, slice_of(text.p + 1, text.n - 1)))
			continue;
		p->used = true;
		use_param(m, sql, i);
		return;
	}
	buf_slice(&m->text, text);
}

/* Appends {name:Type} unchanged. -P may give its value. */
static void keep_braces(struct model *m, const struct model_from *from,
			struct slice text)
{
	const char *colon = memchr(text.p, ':', text.n);
	struct slice name = slice_of(text.p + 1, (size_t)(colon - text.p) - 1);

	for (size_t i = 0; i < from->n; i++)
		from->param[i].used |= slice_eq(from->param[i].name, name);
	buf_slice(&m->text, text);
}

static int params_used(const struct model *m, const struct model_from *from,
		       struct err *e)
{
	for (size_t i = 0; i < from->n; i++) {
		if (!from->param[i].used)
			return err_names(
				e, ERR_USAGE,
				"model '%s' does not use the parameter "
				":%.*s",
				m->name, SLICE_FMT(from->param[i].name));
	}
	return 0;
}

/* Whether it is code that looks like a comment to others than MySQL or MariaDB.
 */
static bool is_executable(struct slice text)
{
	return slice_starts(text, "/*!") || slice_starts(text, "/*M!");
}

/* Whether it is a comment, and not code or a planner hint, which look like one.
 */
static bool is_comment(struct slice text)
{
	return slice_starts(text, "--") ||
	       (slice_starts(text, "/*") && !slice_starts(text, "/*+") &&
		!is_executable(text));
}

/* Copies a token of the model, and what it means. A semicolon becomes a blank,
 * so that the model cannot end the statement around it.
 */
static void put_token(struct model *m, const struct model_from *from,
		      const struct model_sql *sql, const struct shape *s,
		      enum sqltoken t, struct slice text)
{
	bool removed = sql->bare && is_comment(text);

	if ((t != SQLTOKEN_SPACE || is_executable(text)) &&
	    t != SQLTOKEN_SEMICOLON)
		model_meaning_add(&m->meaning, text);
	m->tight |= removed && *text.p == '-' && text.n > 2 &&
		    (unsigned char)text.p[2] > ' ';
	if (t == SQLTOKEN_SEMICOLON || removed)
		buf_char(&m->text, ' ');
	else if (t == SQLTOKEN_PARAM && !is_between(s, sql))
		put_param(m, from, sql, text);
	else if (t == SQLTOKEN_BRACES)
		keep_braces(m, from, text);
	else
		buf_slice(&m->text, text);
}

/* Checks the text and copies it. */
static int check(struct model *m, const struct buf *text,
		 const struct model_from *from, const struct model_sql *sql,
		 struct err *e)
{
	struct sqltokens x = {sql, text->p, text->p + text->n, {0}, NULL};
	struct shape s = {0};
	enum sqltoken t;

	while (sqltoken_next(&x, &t)) {
		const char *why = foreign_syntax(
			&s, &x, t,
			t == SQLTOKEN_PARAM && is_given(from, x.text));

		if (why && t == SQLTOKEN_PARAM)
			return err_names(e, ERR_CONFIG,
					 "model '%s' line %u: '%.*s': %s",
					 m->name, line_of(text, x.text.p),
					 SLICE_FMT(x.text), why);
		if (!why)
			why = t == SQLTOKEN_BROKEN ? x.why
						   : check_token(&s, t, x.text);
		if (why)
			return err_names(e, ERR_CONFIG,
					 "model '%s' line %u: %s", m->name,
					 line_of(text, x.text.p), why);
		put_token(m, from, sql, &s, t, x.text);
		note_token(&s, t, x.text);
	}
	if (!s.begun)
		return err_names(e, ERR_CONFIG, "model '%s' is empty", m->name);
	if (s.depth > 0)
		return err_names(e, ERR_CONFIG,
				 "model '%s': a '(' without a ')'", m->name);
	if (memchr(text->p, '\0', text->n))
		return err_names(
			e, ERR_CONFIG,
			"model '%s' contains a NUL byte; save it as UTF-8",
			m->name);
	return params_used(m, from, e);
}

void model_quote(struct buf *b, const struct model_sql *sql, struct slice name)
{
	buf_char(b, sql->quote);
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == sql->quote)
			buf_char(b, sql->quote);
		buf_char(b, name.p[i]);
	}
	buf_char(b, sql->quote);
}

/* Appends names separated by `between`, like "a.b.c" or a,b,c, each quoted. */
static int put_names(struct buf *b, const char *names, char between,
		     const struct model_sql *sql)
{
	struct buf part = {0};
	const char *p = names;

	for (;;) {
		p = names_part(p, between, &part);
		if (!p)
			break;
		model_quote(b, sql, buf_all(&part));
		if (*p == '\0')
			break;
		buf_char(b, between);
		p++;
	}
	buf_clear(&part);
	return p ? 0 : -1;
}

static int from_table(struct model *m, const struct model_from *from,
		      const struct model_sql *sql, struct err *e)
{
	buf_str(&m->text, "SELECT ");
	if (!from->columns)
		buf_char(&m->text, '*');
	else if (put_names(&m->text, from->columns, ',', sql) < 0)
		return err_names(e, ERR_USAGE, "'%s' is not a list of columns",
				 from->columns);
	buf_str(&m->text, " FROM ");
	if (put_names(&m->text, from->table, '.', sql) < 0)
		return err_names(e, ERR_USAGE,
				 "'%s' is not the name of a table",
				 from->table);
	return 0;
}

/* Suggests -t: the name of a table is a common first try. */
static int no_file(const char *name, struct err *e)
{
	struct err was = *e;

	if (e->kind == ERR_INPUT && !strchr(name, '/') &&
	    !strstr(name, ".sql") && access(name, F_OK) < 0)
		return err_names(e, ERR_INPUT, "%s; for a table use -t '%s'",
				 was.text, name);
	return -1;
}

static int read_text(struct buf *text, const struct model_from *from,
		     struct err *e)
{
	bool in = from->file && strcmp(from->file, "-") == 0;

	if (from->sql) {
		buf_str(text, from->sql);
		return 0;
	}
	if (file_read(in ? "/dev/stdin" : from->file, MODEL_MAX, text, e) < 0)
		return in ? -1 : no_file(from->file, e);
	if (slice_starts(buf_all(text), "\xff\xfe") ||
	    slice_starts(buf_all(text), "\xfe\xff"))
		return err_names(
			e, ERR_CONFIG,
			"model '%s' is UTF-16; convert it with iconv -f "
			"UTF-16 -t UTF-8",
			from->file);
	if (slice_starts(buf_all(text), "\xef\xbb\xbf"))
		memset(text->p, ' ', 3); /* removes a byte order mark */
	return 0;
}

/* Appends the cursor's column, as it is compared. */
static void put_cursor(struct model *m, const struct model_sql *sql)
{
	buf_str(&m->text, m->compare ? m->compare : "");
	buf_str(&m->text, m->compare ? "(" : "");
	model_quote(&m->text, sql, slice_str(m->cursor));
	buf_str(&m->text, m->compare ? ")" : "");
}

static void put_since(struct model *m, const struct model_sql *sql,
		      const char *since)
{
	m->param[m->n++] = (struct model_param){
		.name = slice_of(":", 1),
		.value = since,
		.number = number_valid(slice_str(since)),
	};
	buf_str(&m->text, " WHERE ");
	put_cursor(m, sql);
	buf_str(&m->text, " >= ");
	buf_str(&m->text, m->compare ? m->compare : "");
	buf_str(&m->text, m->compare ? "(" : "");
	use_param(m, sql, m->n - 1);
	buf_str(&m->text, m->compare ? ")" : "");
	buf_str(&m->text, " OR ");
	model_quote(&m->text, sql, slice_str(m->cursor));
	buf_str(&m->text, " IS NULL");
}

void model_where(struct model *m, struct slice condition)
{
	static const char head[] = "SELECT * FROM (";

	m->text.n = 0;
	buf_str(&m->text, head);
	buf_slice(&m->text, buf_all(&m->base));
	buf_str(&m->text, "\n) rudder_part WHERE ");
	buf_slice(&m->text, condition);
	for (size_t i = 0; i < m->base_uses; i++)
		m->use[i].at += sizeof(head) - 1;
	m->base.n = 0;
	buf_slice(&m->base, buf_all(&m->text));
}

void model_since(struct model *m, const struct model_sql *sql,
		 const char *column, const char *since, bool nulls_last)
{
	m->cursor = column;
	m->since = since;
	m->nulls_last = nulls_last;
	if (sql->own_cursor)
		return;
	m->n = m->base_n;
	m->uses = m->base_uses;
	m->text.n = 0;
	buf_str(&m->text, "SELECT * FROM (");
	for (size_t i = 0; i < m->uses; i++)
		m->use[i].at += m->text.n - m->base_at;
	m->base_at = m->text.n;
	buf_slice(&m->text, buf_all(&m->base));
	buf_str(&m->text, "\n) rudder_model"); /* Oracle does not accept AS */
	if (since)
		put_since(m, sql, since);
	buf_str(&m->text, " ORDER BY ");
	if (nulls_last && sql->nulls_first) {
		model_quote(&m->text, sql, slice_str(column));
		buf_str(&m->text, " IS NULL, ");
	}
	put_cursor(m, sql);
}

int model_read(struct model *m, const struct model_from *from,
	       const struct model_sql *sql, struct err *e)
{
	struct buf text = {0};
	int rc;

	*m = (struct model){
		.param = from->param, .n = from->n, .given = !from->table};
	m->name = from->table ? from->table : from->sql ? "--sql" : from->file;
	if (from->table) {
		rc = from_table(m, from, sql, e);
		if (rc == 0)
			rc = params_used(m, from, e);
	} else {
		rc = read_text(&text, from, e);
		if (rc == 0)
			rc = check(m, &text, from, sql, e);
	}
	if (from->table)
		buf_slice(&m->meaning, buf_all(&m->text));
	m->base_n = m->n;
	m->base_uses = m->uses;
	buf_slice(&m->base, buf_all(&m->text));
	buf_clear(&text);
	return rc;
}

void model_clear(struct model *m)
{
	buf_clear(&m->text);
	buf_clear(&m->base);
	buf_clear(&m->meaning);
	free(m->use);
	m->use = NULL;
}
