#include "sync/init_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/opt.h"
#include "sync/check_command.h"
#include "sync/init_text.h"
#include "sync/pipeline.h"
#include "sync/report/worst_status.h"
#include "sync/source_tables.h"
#include "sync/sync_source.h"
#include "sync/sync_value.h"
#include "sync/variables.h"
#include "wire/stream/harmless.h"

enum { OUTPUT = 4 * 1024 * 1024, ANSWER = 1024, SHOWN = 40, ASKED = 3 };

struct init {
	const struct init_options *o;
	bool ask;                          /* ask questions: standard input is a
					    * terminal */
	char *source, *table, *key, *dest; /* owned */
	struct sync_texts tables, columns;
	struct buf picked; /* the mapping of --pick, as JSON */
};

/* ---- questions -------------------------------------------------------- */

/* Asks a question and reads a line, without blanks around it. For an empty line
 * returns or_else, which may be NULL. The caller frees the result.
 */
static char *read_answer(const char *question, const char *or_else)
{
	char line[ANSWER];
	size_t n;
	char *p;

	fprintf(stderr, or_else ? "%s [%s]: " : "%s: ", question,
		or_else ? or_else : "");
	if (!fgets(line, sizeof(line), stdin))
		return NULL;
	n = strcspn(line, "\r\n");
	for (p = line; n > 0 && *p == ' '; n--)
		p++;
	while (n > 0 && p[n - 1] == ' ')
		n--;
	if (n > 0)
		return mem_copy(p, n);
	return or_else ? mem_copy(or_else, strlen(or_else)) : NULL;
}

/* Takes the value of an option, the answer to a question, or the default
 * or_else.
 */
static int value_of(const struct init *x, char **to, const char *given,
		    const char *option, const char *question,
		    const char *or_else, struct err *e)
{
	if (given)
		*to = mem_copy(given, strlen(given));
	else if (x->ask)
		*to = read_answer(question, or_else);
	else if (or_else)
		*to = mem_copy(or_else, strlen(or_else));
	if (*to)
		return 0;
	return err_set(e, ERR_USAGE, "no %s: use --%s", question, option);
}

/* Whether to ask again: a question is asked up to three times. Shows the error.
 */
static bool ask_again(const struct init *x, const char *given, unsigned *asked,
		      const struct err *e)
{
	if (!x->ask || given || ++*asked >= ASKED || feof(stdin))
		return false;
	if (*e->text) /* otherwise a filter has printed the error */
		fprintf(stderr, "%s\n", e->text);
	return true;
}

/* ---- the source ------------------------------------------------------- */

/* Shows a table's name, made safe for the terminal. */
static void show_table(size_t n, const char *name)
{
	char text[ANSWER];

	harmless(text, sizeof(text), slice_str(name));
	fprintf(stderr, "%4zu  %s\n", n, text);
}

static int choose_table(struct init *x, struct err *e)
{
	uint64_t n;

	if (x->o->table || !x->ask)
		return value_of(x, &x->table, x->o->table, "table", "table",
				NULL, e);
	if (x->tables.n == 0 &&
	    source_tables_list(&x->tables, x->source, e) < 0)
		return -1;
	for (size_t i = 0; i < x->tables.n && i < SHOWN; i++)
		show_table(i + 1, x->tables.v[i]);
	if (x->tables.n > SHOWN)
		fprintf(stderr, "      and %zu more\n", x->tables.n - SHOWN);
	if (value_of(x, &x->table, NULL, "table", "table, or its number",
		     x->tables.v[0], e) < 0)
		return -1;
	if (num_uint(slice_str(x->table), &n) == 0 && n > 0 &&
	    n <= x->tables.n) {
		free(x->table);
		x->table = mem_copy(x->tables.v[n - 1],
				    strlen(x->tables.v[n - 1]));
	}
	return 0;
}

static bool has_column(const struct init *x, const char *name)
{
	for (size_t i = 0; i < x->columns.n; i++) {
		if (strcmp(x->columns.v[i], name) == 0)
			return true;
	}
	return false;
}

static int read_key(struct init *x, struct err *e)
{
	const char *or_else = has_column(x, "id") ? "id" : NULL;
	const char **names, *near;

	if (x->ask && !or_else)
		or_else = x->columns.v[0];
	if (value_of(x, &x->key, x->o->key, "key",
		     "column that identifies a row", or_else, e) < 0)
		return -1;
	if (has_column(x, x->key))
		return 0;
	names = mem_zero((x->columns.n + 1) * sizeof(*names));
	for (size_t i = 0; i < x->columns.n; i++)
		names[i] = x->columns.v[i];
	near = opt_nearest(x->key, names);
	if (near)
		err_set(e, ERR_CONFIG,
			"there is no column '%s'; did you mean '%s'?", x->key,
			near);
	else
		err_set(e, ERR_CONFIG, "there is no column '%s'", x->key);
	free(names);
	return -1;
}

static int choose_key(struct init *x, struct err *e)
{
	unsigned asked = 0;
	int rc;

	while ((rc = read_key(x, e)) < 0 &&
	       ask_again(x, x->o->key, &asked, e)) {
		free(x->key);
		x->key = NULL;
	}
	return rc;
}

/* ---- the mapping ------------------------------------------------------ */

static const char *type_of(const struct init *x)
{
	return x->o->type ? x->o->type : "identify";
}

/* The option for the id of an event type. */
static const char *id_option(const char *type)
{
	return strcmp(type, "record") == 0 ? "identifier" : "user-id";
}

static const char *mode_of(const struct init *x)
{
	return x->o->mode ? x->o->mode : "upsert";
}

/* Adds the event names that the type and the mode need. */
static void add_events(struct stages *s, const struct init *x)
{
	static const char *const event[] = {"--event", INIT_TEXT_EVENT, NULL};
	static const char *const deletes[] = {"--delete-event",
					      INIT_TEXT_DELETE, NULL};

	if (strcmp(type_of(x), "track") == 0)
		stages_add(s, event);
	if (strcmp(mode_of(x), "mirror") == 0 &&
	    strcmp(type_of(x), "record") != 0)
		stages_add(s, deletes);
}

/* Lets the user choose columns in the terminal, by rudder-map --pick. */
static int pick_columns(struct init *x, struct err *e)
{
	const char *const one[] = {"rudder-query", "--limit", "1", NULL};
	const char *const table[] = {"--table", x->table, NULL};
	const char *const source[] = {"--source", x->source, NULL};
	const char *const delimiter[] = {"--delimiter", x->o->delimiter, NULL};
	struct buf id = {0};
	const char *map[] = {"rudder-map", "--pick", "--any-counts", "--type",
			     type_of(x),   NULL,     x->key,         NULL};
	const struct pipeline_options o = {.folder = "."};
	struct stages s = {0};
	bool bad;
	const char *variable = variables_env(x->source, &bad);
	int status;

	buf_fmt(&id, "--%s", id_option(type_of(x)));
	map[5] = buf_cstr(&id);
	stages_command(&s, SYNC_QUERY, one);
	if (variable)
		s.v[0].env = (struct stage_env){"RUDDER_SOURCE", variable};
	else
		stages_add(&s, source);
	if (x->table)
		stages_add(&s, table);
	if (x->o->delimiter)
		stages_add(&s, delimiter);
	stages_command(&s, SYNC_MAP, map);
	add_events(&s, x);
	status = pipeline_capture(&x->picked, &s, &o, OUTPUT, e);
	stages_clear(&s);
	buf_clear(&id);
	return status < 0 ? -1 : worst_status_pass(status, e);
}

/* ---- the file --------------------------------------------------------- */

/* Makes the file's name from the letters and digits of the table's. */
static void name_file(struct buf *path, const struct init *x)
{
	const char *from = x->table ? x->table : strchr(x->source, ':') + 1;
	const char *slash = strrchr(from, '/');

	buf_str(path, SYNC_FILE_FOLDER "/");
	for (const char *p = slash ? slash + 1 : from; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') ||
			     (*p >= 'A' && *p <= 'Z') ||
			     (*p >= '0' && *p <= '9');

		if (!x->table && *p == '.')
			break;
		buf_char(path, plain ? *p : '_');
	}
	buf_str(path, ".yaml");
}

/* Writes the file, and removes it after a failure: otherwise the next try could
 * not create it, and rudder run would read it.
 */
static int fill_file(int fd, const char *name, struct slice text, struct err *e)
{
	int rc = file_write_once(fd, text, e);

	if (close(fd) < 0 && rc == 0)
		rc = err_sys(e, ERR_IO, "cannot write '%s'", name);
	if (rc < 0)
		(void)unlink(name);
	return rc;
}

static int write_file(const struct init *x, struct err *e)
{
	const struct init_answers answers = {
		.source = x->source,
		.key = x->key,
		.dest = x->dest,
		.table = x->table,
		.delimiter = x->o->delimiter,
		.type = type_of(x),
		.mode = mode_of(x),
		.columns = &x->columns,
		.picked = buf_all(&x->picked),
	};
	struct buf path = {0}, text = {0};
	const char *name;
	int fd, rc = 0;

	if (x->o->output)
		buf_str(&path, x->o->output);
	else
		name_file(&path, x);
	name = buf_cstr(&path);
	if (strncmp(name, SYNC_FILE_FOLDER "/", strlen(SYNC_FILE_FOLDER "/")) ==
		    0 &&
	    mkdir(SYNC_FILE_FOLDER, 0777) < 0 && errno != EEXIST) {
		rc = err_sys(e, ERR_CREATE, "cannot create '%s'",
			     SYNC_FILE_FOLDER);
		goto out;
	}
	init_text(&text, &answers);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0 && errno == EEXIST)
		rc = err_set(e, ERR_CREATE,
			     "'%s' exists and is not overwritten; use --output "
			     "for a different file",
			     name);
	else if (fd < 0)
		rc = err_sys(e, ERR_CREATE, "cannot create '%s'", name);
	else
		rc = fill_file(fd, name, buf_all(&text), e);
	if (rc == 0)
		printf("%s\n", name);
	if (rc == 0 && (x->ask || isatty(STDERR_FILENO)))
		fprintf(stderr,
			"next: rudder check %s\n"
			"then: rudder plan %s\n"
			"then: rudder run\n",
			name, name);
out:
	buf_clear(&path);
	buf_clear(&text);
	return rc;
}

static int check_mode(const char *mode, struct err *e)
{
	const struct sync_key *k = sync_key_find(NULL, "mode", SYNC_KEY_TOP);
	struct buf want = {0};
	int rc = 0;

	if (!sync_value_is_word(k, mode, &want))
		rc = err_set(e, ERR_USAGE, "option '--mode': '%s' is not %s",
			     mode, buf_cstr(&want));
	buf_clear(&want);
	return rc;
}

/* Checks the options before any question. */
static int check_options(const struct init_options *o, struct err *e)
{
	static const char *const types[] = {"identify", "track",  "page",
					    "screen",   "record", NULL};
	size_t i = 0;

	while (o->type && types[i] && strcmp(types[i], o->type) != 0)
		i++;
	if (o->type && !types[i])
		return err_set(e, ERR_USAGE,
			       "option '--type': '%s' is not identify, track, "
			       "page, screen or record",
			       o->type);
	if (o->mode && check_mode(o->mode, e) < 0)
		return -1;
	if (o->output && access(o->output, F_OK) == 0)
		return err_set(e, ERR_CREATE,
			       "'%s' exists and is not overwritten", o->output);
	return 0;
}

/* Refuses a password: the sync file is meant for git. */
static int check_source(const struct init *x, struct err *e)
{
	const char *source = getenv("RUDDER_SOURCE");

	if (strchr(x->source, ':') == NULL)
		return err_set(e, ERR_USAGE,
			       "source '%s' is not a URL, and not env:NAME",
			       x->source);
	if (!sync_source_has_password(x->source))
		return 0;
	if (source && strcmp(source, x->source) == 0)
		return err_set(e, ERR_USAGE,
			       "the source has a password, which must not be "
			       "in the sync file: RUDDER_SOURCE has the same "
			       "URL, so use env:RUDDER_SOURCE");
	return err_set(e, ERR_USAGE,
		       "the source has a password, which must not be in the "
		       "sync file: put the URL into a variable, as in export "
		       "RUDDER_SOURCE=..., and use env:RUDDER_SOURCE");
}

static int choose_source(struct init *x, struct err *e)
{
	const char *given = x->o->source;
	unsigned asked = 0;
	int rc;

	do {
		free(x->source);
		x->source = NULL;
		rc = value_of(x, &x->source, given, "source",
			      "source (URL of rudder-query, or env:NAME)", NULL,
			      e);
		if (rc == 0)
			rc = check_source(x, e);
	} while (rc < 0 && ask_again(x, given, &asked, e));
	return rc;
}

/* Chooses the table, if the source has tables, and reads its columns. */
static int choose_columns(struct init *x, struct err *e)
{
	const char *given = x->o->table;
	unsigned asked = 0;
	int rc;

	do {
		free(x->table);
		x->table = NULL;
		sync_text_clear(&x->columns);
		rc = source_tables_any(x->source) ? choose_table(x, e) : 0;
		if (rc == 0)
			rc = source_tables_columns(&x->columns, x->source,
						   x->table, x->o->delimiter,
						   e);
	} while (rc < 0 && x->table && ask_again(x, given, &asked, e));
	return rc;
}

/* Checks that rudder-send accepts the destination, with a dry run without
 * events. A destination with a variable of the sync file is not checked.
 */
static int check_dest(const struct init *x, struct err *e)
{
	const char *const words[] = {"rudder-send", "--dest", x->dest,
				     "--dry-run", NULL};
	const struct pipeline_options o = {.folder = ".", .both = true};
	struct stages s = {0};
	struct buf b = {0};
	int status;

	if (!strchr(x->dest, ':'))
		return err_set(e, ERR_USAGE,
			       "destination '%s' is not a URL such as "
			       "rudder:https://data.example.com or "
			       "file:events.ndjson",
			       x->dest);
	if (strstr(x->dest, "${"))
		return 0;
	stages_command(&s, SYNC_SEND, words);
	status = pipeline_capture(&b, &s, &o, OUTPUT, e);
	stages_clear(&s);
	if (status == err_status(ERR_USAGE)) {
		err_set(e, ERR_USAGE, "%s", check_command_message(&b));
		status = -1;
	}
	buf_clear(&b);
	return status < 0 ? -1 : 0;
}

static int choose_dest(struct init *x, struct err *e)
{
	const char *given = x->o->dest;
	unsigned asked = 0;
	int rc;

	do {
		free(x->dest);
		x->dest = NULL;
		rc = value_of(x, &x->dest, given, "dest",
			      "destination (URL of rudder-send)", NULL, e);
		if (rc == 0)
			rc = check_dest(x, e);
	} while (rc < 0 && ask_again(x, given, &asked, e));
	return rc;
}

static int choose(struct init *x, struct err *e)
{
	if (check_options(x->o, e) < 0 || choose_source(x, e) < 0 ||
	    choose_columns(x, e) < 0 || choose_key(x, e) < 0 ||
	    choose_dest(x, e) < 0)
		return -1;
	return x->o->pick ? pick_columns(x, e) : 0;
}

int init_sync(const struct init_options *o, struct err *e)
{
	struct init x = {.o = o, .ask = isatty(STDIN_FILENO)};
	int rc = choose(&x, e);

	if (rc == 0)
		rc = write_file(&x, e);
	free(x.source);
	free(x.table);
	free(x.key);
	free(x.dest);
	sync_text_clear(&x.tables);
	sync_text_clear(&x.columns);
	buf_clear(&x.picked);
	return rc;
}
