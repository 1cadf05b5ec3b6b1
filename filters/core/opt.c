#include "core/opt.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/opt_json.h"
#include "core/tool.h"

enum { MAX_WORD = 40, FAR = 3 };

/* One parse: the command's table, then the options that all commands have. */
struct parse {
	const struct opt *table;
	struct opt common[6];
	bool help, version, quiet, verbose;
	const char *log;
};

static void parse_init(struct parse *p, const struct opt *table)
{
	const struct opt common[] = {
		{.letter = 'q',
		 .name = "quiet",
		 .flag = &p->quiet,
		 .help = "print errors only"},
		{.letter = 'v',
		 .name = "verbose",
		 .flag = &p->verbose,
		 .help = "print progress messages and a summary"},
		{.name = "log-format",
		 .arg = "<format>",
		 .values = "text|json",
		 .text = &p->log,
		 .help = "format of messages: text or json"},
		{.letter = 'h',
		 .name = "help",
		 .flag = &p->help,
		 .help = "print this help; --help=json is for programs"},
		{.letter = 'V',
		 .name = "version",
		 .flag = &p->version,
		 .help = "print the version"},
		{0},
	};

	*p = (struct parse){.table = table};
	memcpy(p->common, common, sizeof(common));
}

/* The option after o, NULL after the last; o is NULL for the first. */
static const struct opt *next_option(const struct parse *p, const struct opt *o)
{
	if (!o)
		return p->table->name ? p->table : p->common;
	if ((++o)->name)
		return o;
	return o >= p->common && o < p->common + COUNT_OF(p->common)
		       ? NULL
		       : p->common;
}

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The edit distance: letters changed, added, omitted, or swapped with the next
 * one; FAR if a word is too long to be a typing error.
 */
static size_t distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	size_t d[MAX_WORD + 1][MAX_WORD + 1];

	if (n > MAX_WORD || m > MAX_WORD)
		return FAR;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		d[i][0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			best = least_of(best, d[i - 1][j] + 1);
			best = least_of(best, d[i][j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				best = least_of(best, d[i - 2][j - 2] + 1);
			d[i][j] = best;
		}
	}
	return d[n][m];
}

const char *opt_nearest(const char *word, const char *const *list)
{
	const char *best = NULL;
	/* short words are all similar */
	size_t least = strlen(word) <= 3 ? FAR - 1 : FAR;

	for (; *list; list++) {
		size_t d = distance(word, *list);

		if (d < least) {
			least = d;
			best = *list;
		}
	}
	return best;
}

static int unknown(const struct parse *p, const char *name, struct err *e)
{
	const char *names[128];
	const char *near;
	size_t n = 0;

	for (const struct opt *o = NULL; (o = next_option(p, o));) {
		if (n < COUNT_OF(names) - 1)
			names[n++] = o->name;
	}
	names[n] = NULL;
	near = opt_nearest(name, names);
	for (size_t i = 0; !near && *name && i < n; i++) {
		if (strncmp(names[i], name, strlen(name)) == 0)
			near = names[i]; /* --write-key: --write-key-file */
	}
	if (near)
		return err_names(e, ERR_USAGE,
				 "unknown option '--%s'; did you mean '--%s'?",
				 name, near);
	return err_names(e, ERR_USAGE, "unknown option '--%s'; see '%s --help'",
			 name, tool_name());
}

static const struct opt *by_name(const struct parse *p, const char *name,
				 size_t n)
{
	for (const struct opt *o = NULL; (o = next_option(p, o));) {
		if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	}
	/* the option's name in early releases, unless the command has an option
	 * log itself
	 */
	return n == 3 && memcmp(name, "log", n) == 0 ? &p->common[2] : NULL;
}

static const struct opt *by_letter(const struct parse *p, char letter)
{
	for (const struct opt *o = NULL; (o = next_option(p, o));) {
		if (o->letter == letter)
			return o;
	}
	return NULL;
}

static int store(const struct opt *o, const char *value, struct err *e)
{
	if (o->given)
		*o->given = true;
	if (o->flag)
		*o->flag = true;
	else if (o->text)
		*o->text = value;
	else if (o->list) {
		o->list->v = mem_resize(o->list->v,
					(o->list->n + 1) * sizeof(char *));
		o->list->v[o->list->n++] = value;
	} else if (o->count && num_size(slice_str(value), o->count) < 0)
		return err_names(e, ERR_USAGE,
				 "option '--%s': '%s' is not a count "
				 "(250, 64K, 2M, 1G)",
				 o->name, value);
	else if (o->msec && num_msec(slice_str(value), o->msec) < 0)
		return err_names(e, ERR_USAGE,
				 "option '--%s': '%s' is not a time "
				 "(250ms, 5s, 2m, 1h)",
				 o->name, value);
	return 0;
}

/* "--name", "--name=value" or "--name value". */
static int long_option(const struct parse *p, char ***argv, struct err *e)
{
	const char *name = **argv + 2;
	const char *eq = strchr(name, '=');
	size_t n = eq ? (size_t)(eq - name) : strlen(name);
	const struct opt *o = by_name(p, name, n);

	if (!o) {
		char word[MAX_WORD + 1];

		snprintf(word, sizeof(word), "%.*s", (int)n, name);
		return unknown(p, word, e);
	}
	if (!o->arg && eq)
		return err_names(e, ERR_USAGE, "option '--%s' takes no value",
				 o->name);
	if (!o->arg)
		return store(o, NULL, e);
	if (eq)
		return store(o, eq + 1, e);
	if (o->absent && (!(*argv)[1] || *(*argv)[1] == '-'))
		return store(o, o->absent, e);
	if (!(*argv)[1])
		return err_names(e, ERR_USAGE, "option '--%s' needs %s",
				 o->name, o->arg);
	++*argv;
	return store(o, **argv, e);
}

/* "-q", "-qv", "-kid" or "-k id". */
static int letters(const struct parse *p, char ***argv, struct err *e)
{
	for (const char *c = **argv + 1; *c; c++) {
		const struct opt *o = by_letter(p, *c);

		if (!o)
			return err_names(
				e, ERR_USAGE,
				"unknown option '-%c'; see '%s --help'", *c,
				tool_name());
		if (!o->arg) {
			if (store(o, NULL, e) < 0)
				return -1;
			continue;
		}
		if (c[1])
			return store(o, c + 1, e);
		if (!(*argv)[1])
			return err_names(e, ERR_USAGE, "option '-%c' needs %s",
					 *c, o->arg);
		return store(o, *++*argv, e);
	}
	return 0;
}

static void print_table(const struct opt *o)
{
	const char *group = NULL;

	for (; o->name; o++) {
		char short_form[4] = "   ", left[64];

		if (o->group && (!group || strcmp(o->group, group) != 0))
			printf("\nonly for %s\n", o->group);
		group = o->group;
		if (o->letter)
			snprintf(short_form, sizeof(short_form), "-%c ",
				 o->letter);
		snprintf(left, sizeof(left), "%s--%s%s%s", short_form, o->name,
			 o->arg ? " " : "", o->arg ? o->arg : "");
		if (strlen(left) > 26)
			printf("  %s\n  %-26s %s\n", left, "", o->help);
		else
			printf("  %-26s %s\n", left, o->help);
	}
}

/* Flushes the output, and reports earlier write errors too. */
static int end_output(struct err *e)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return file_failed(STDOUT_FILENO, ERR_IO, "cannot write output", e);
}

static int print_help(const struct opt_page *page, const struct parse *p,
		      struct err *e)
{
	printf("%s - %s\n\nusage: %s %s\n\n", tool_name(), page->summary,
	       tool_name(), page->synopsis);
	print_table(page->table);
	if (page->table->name)
		printf("\n");
	print_table(p->common);
	if (page->list)
		page->list();
	if (page->examples)
		printf("\nexamples:\n%s", page->examples);
	printf("\nMore in the manual: man %s\n", tool_name());
	return end_output(e);
}

/* Handled before anything is parsed, so that the table still has the defaults.
 */
static bool wants_json(char *const *argv)
{
	for (; *argv && strcmp(*argv, "--") != 0; argv++) {
		if (strcmp(*argv, "--help=json") == 0)
			return true;
	}
	return false;
}

static int print_json(const struct opt_page *page, const struct parse *p,
		      struct err *e)
{
	struct buf b = {0};

	opt_json(&b, page, p->common);
	fwrite(b.p, 1, b.n, stdout);
	buf_clear(&b);
	return end_output(e);
}

static int print_version(struct err *e)
{
	printf("%s (rudder) %s\n", tool_name(), RUDDER_VERSION);
	return end_output(e);
}

static int apply_common(const struct parse *p, struct err *e)
{
	const char *handed = getenv(TOOL_LOG), *form = p->log;
	bool quiet =
		p->quiet || (handed && !p->verbose && strstr(handed, "quiet"));
	bool json = form ? strcmp(form, "json") == 0
			 : handed && strstr(handed, "json");

	if (p->log && !json && strcmp(p->log, "text") != 0)
		return err_names(
			e, ERR_USAGE,
			"option '--log-format': '%s' is not text or json",
			p->log);
	tool_set_log(quiet ? TOOL_ERROR
			   : (p->verbose ? TOOL_INFO : TOOL_WARNING),
		     json);
	return 1;
}

int opt_parse(int argc, char **argv, const struct opt_page *page,
	      char ***operands, struct err *e)
{
	struct parse p;
	char **to = argv + (argc > 0);
	bool options = true;

	parse_init(&p, page->table);
	*operands = to;
	if (wants_json(to))
		return print_json(page, &p, e);
	for (char **a = to; *a; a++) {
		char *word = *a;
		int rc = 0;

		if (options && strcmp(word, "--") == 0)
			options = false;
		else if (options && word[0] == '-' && word[1] == '-')
			rc = long_option(&p, &a, e);
		else if (options && word[0] == '-' && word[1])
			rc = letters(&p, &a, e);
		else
			*to++ = word;
		if (rc < 0)
			return -1;
	}
	*to = NULL;
	if (p.help)
		return print_help(page, &p, e);
	if (p.version)
		return print_version(e);
	return apply_common(&p, e);
}

void opt_add(struct opt *table, size_t size, const struct opt *rows)
{
	size_t n = 0;

	while (table[n].name)
		n++;
	for (; rows->name; rows++) {
		assert(n + 1 < size);
		table[n++] = *rows;
	}
}

void opt_clear(const struct opt_page *page)
{
	for (const struct opt *o = page->table; o->name; o++) {
		if (o->list) {
			free(o->list->v);
			*o->list = (struct opt_list){0};
		}
	}
}
