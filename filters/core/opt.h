/* opt.h - command-line options from one table: parsing, --help, checks.
 *
 * Floor 0. Long names are never abbreviated; "--" ends the options; options
 * and operands may be mixed. Every command also has -h --help, -V --version,
 * -q --quiet, -v --verbose and --log-format, which opt_parse serves itself.
 * --help=json writes the same as --help for programs (core/opt_json.h).
 */
#ifndef CORE_OPT_H
#define CORE_OPT_H

#include "core/err.h"

/* Values of an option that may be given several times, in order. */
struct opt_list {
	const char **v; /* borrowed from argv; the array is owned */
	size_t n;
};

struct opt {
	char letter;       /* 0: long form only */
	const char *name;  /* without the dashes; NULL ends the table */
	const char *arg;   /* "<column>" in --help; NULL: no argument */
	const char *help;  /* one line, no final stop */
	bool *flag;        /* exactly one of these is set */
	const char **text; /* borrowed from argv */
	uint64_t *count;   /* decimal number; also 64K, 1M */
	uint64_t *msec;    /* "250ms", "5s", "2m", "1h", "30d": milliseconds */
	struct opt_list *list;
	const char *absent; /* value if the argument is omitted (at the end,
			     * before a word with -); NULL: required. Long form
			     * only. */
	const char *group;  /* its driver, for --help: "csv:"; NULL: of all.
			     * Rows of a group are consecutive. */
	bool *given;        /* set when the option is given; may be NULL */
	const char *values; /* accepted words for --help=json: "upsert|mirror";
			     * NULL: any text. After a colon there is more
			     * ("csv:"). */
};

/* What --help prints around the table. */
struct opt_page {
	const char *summary;  /* one line, no final stop */
	const char *synopsis; /* what follows the command's name */
	const struct opt *table;
	void (*list)(void);   /* prints what the table names; or NULL */
	const char *examples; /* whole lines, each with its LF; may be NULL */
	const char *operand;  /* the operands, for --help=json: "<file>"; NULL:
			       * none */
	const char *operand_values; /* as the values of an option */
};

/* Parses. 1 with *operands (borrowed from argv, NULL-terminated) set; 0 when
 * --help or --version was printed and nothing is left to do; -1 ERR_USAGE,
 * with the nearest option's name for a wrong one, or ERR_IO.
 */
int opt_parse(int argc, char **argv, const struct opt_page *page,
	      char ***operands, struct err *e) MUST_USE;

/* Appends rows, ended by one without a name, to a table that is ended by
 * all-zero rows and has room for size rows, the end included.
 */
void opt_add(struct opt *table, size_t size, const struct opt *rows);

/* Frees the arrays of the table's lists. */
void opt_clear(const struct opt_page *page);

/* The word in list (ended by NULL) that is nearest to the given word by edit
 * distance, or NULL if none is near. For "did you mean".
 */
const char *opt_nearest(const char *word, const char *const *list);

#endif
