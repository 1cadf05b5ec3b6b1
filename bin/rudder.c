/* rudder - the commands that use the four filters */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/opt.h"
#include "core/tool.h"
#include "sync/apply_plan.h"
#include "sync/check_machine.h"
#include "sync/check_sync.h"
#include "sync/filter.h"
#include "sync/init_sync.h"
#include "sync/plan.h"
#include "sync/programs.h"
#include "sync/run_syncs.h"
#include "sync/show_log.h"
#include "sync/show_status.h"
#include "sync/tee.h"
#include "wire/stream/abort.h"

/* The options for stages that a run and a plan share. */
#define ROWS_OF_STAGES(s)                                                      \
	{0, "full", NULL, "read and send every row once", .flag = &(s)->full}, \
		{0, "all-rows", NULL,                                          \
		 "read every row once, whatever the cursor",                   \
		 .flag = &(s)->all_rows},                                      \
		{0, "allow-deletes", "<n>",                                    \
		 "allow exactly n deletes once (n,guard: see man)",            \
		 .text = &(s)->allow_deletes},                                 \
		{0, "allow-resend", "<n>", "allow a resend of n rows once",    \
		 .text = &(s)->allow_resend},                                  \
	{                                                                      \
		0, "accept-connection", NULL,                                  \
			"accept a changed destination or user identifier",     \
			.flag = &(s)->accept_connection                        \
	}

struct subcommand {
	const char *title, *summary; /* title: "rudder run" */
	const char *synopsis, *operand, *examples;
	int (*start)(const struct subcommand *c, int argc, char **argv,
		     struct err *e);
};

/* Parses options; returns as opt_parse, with the operands in *words. */
static int parse(const struct subcommand *c, const struct opt *table, int argc,
		 char **argv, char ***words, struct err *e)
{
	const struct opt_page page = {
		.summary = c->summary,
		.synopsis = c->synopsis,
		.operand = c->operand,
		.table = table,
		.examples = c->examples,
	};

	tool_start(c->title);
	return opt_parse(argc, argv, &page, words, e);
}

static int filter(const struct subcommand *c, int argc, char **argv,
		  struct err *e)
{
	struct filter_options o = {.input = {.max_line = INPUT_MAX_LINE}};
	uint64_t max_line = INPUT_MAX_LINE;
	const struct opt table[] = {
		{0, "trust-eof", NULL, "accept input without an end line",
		 .flag = &o.input.trust_eof},
		{0, "max-line", "<bytes>", "reject longer lines (16M)",
		 .count = &max_line},
		{0},
	};
	int rc;

	rc = parse(c, table, argc, argv, &o.command, e);
	if (rc != 0)
		abort_output(STDOUT_FILENO, "filter");
	if (rc > 0 && !o.command[0])
		rc = err_set(e, ERR_USAGE,
			     "no program: write it after --, as in rudder "
			     "filter -- jq -c 'select(.id > 3)'");
	o.input.max_line = (size_t)max_line;
	if (rc > 0)
		rc = filter_run(&o, STDIN_FILENO, STDOUT_FILENO, e);
	return rc;
}

static int tee(const struct subcommand *c, int argc, char **argv, struct err *e)
{
	struct tee_options o = {0};
	uint64_t max_bytes = TEE_MAX_BYTES;
	const struct opt table[] = {
		{0, "spill", "<bytes>",
		 "largest backlog on disk for the slowest command (1G)",
		 .count = &max_bytes},
		{0},
	};
	int rc;

	rc = parse(c, table, argc, argv, &o.commands, e);
	if (rc > 0 && !o.commands[0])
		rc = err_set(e, ERR_USAGE,
			     "no command: write each as one word after --, as "
			     "in rudder tee -- ./to-crm.sh ./to-ads.sh");
	o.max_bytes = max_bytes;
	if (rc > 0)
		rc = tee_run(&o, STDIN_FILENO, e);
	return rc;
}

static int run_files(const struct subcommand *c, int argc, char **argv,
		     struct err *e)
{
	struct run_options o = {.jobs = 1};
	struct stages_options *s = &o.stages;
	const struct opt table[] = {
		{0, "select", "<pattern>",
		 "only syncs of that name, or tag:NAME; patterns: a*",
		 .list = &o.select},
		{0, "jobs", "<n>", "syncs at a time (1)", .count = &o.jobs},
		{0, "canary", "<n>",
		 "send n events first, the rest if all were accepted",
		 .count = &o.canary},
		ROWS_OF_STAGES(s),
		{0, "lock-wait", "<time>", "wait for another run to end (0s)",
		 .text = &s->lock_wait},
		{'n', "dry-run", NULL,
		 "show the requests; send nothing, write no state",
		 .flag = &s->dry_run},
		{0, "print", NULL, "print the pipelines for sh, run nothing",
		 .flag = &o.print},
		{0},
	};
	char **paths;
	int rc;

	rc = parse(c, table, argc, argv, &paths, e);
	if (rc > 0 && o.canary > 0 && s->dry_run)
		rc = err_set(e, ERR_USAGE,
			     "--canary sends events, and --dry-run none");
	if (rc > 0)
		rc = run_syncs(&o, paths, e);
	opt_clear(&(struct opt_page){.table = table}); /* frees --select */
	return rc;
}

static int plan(const struct subcommand *c, int argc, char **argv,
		struct err *e)
{
	struct plan_options o = {.sample = PLAN_SAMPLE,
				 .expires_ms = PLAN_EXPIRES_MS};
	const struct opt table[] = {
		{'o', "output", "<file>",
		 "save the plan to this file, for rudder apply",
		 .text = &o.output},
		{0, "sample", "<n>", "sample rows for each action (5)",
		 .count = &o.sample},
		{0, "format", "<format>", "text (default), json or markdown",
		 .text = &o.format, .values = "text|json|markdown"},
		{0, "destination", "<name>", "plan for this destination only",
		 .text = &o.destination},
		{0, "expires", "<time>",
		 "how long the plan can be applied (1d)",
		 .msec = &o.expires_ms},
		ROWS_OF_STAGES(&o.stages),
		{0},
	};
	char **path;
	int rc;

	rc = parse(c, table, argc, argv, &path, e);
	if (rc > 0 && (!path[0] || path[1]))
		rc = err_set(e, ERR_USAGE,
			     "give one sync file, as in rudder plan "
			     "syncs/users.yaml");
	if (rc > 0) {
		o.path = path[0];
		rc = plan_make(&o, STDOUT_FILENO, e);
	}
	return rc;
}

static int apply(const struct subcommand *c, int argc, char **argv,
		 struct err *e)
{
	struct apply_options o = {0};
	const struct opt table[] = {
		{0, "decline", NULL, "send nothing and release the state",
		 .flag = &o.decline},
		{0},
	};
	char **path;
	int rc;

	rc = parse(c, table, argc, argv, &path, e);
	if (rc > 0 && (!path[0] || path[1]))
		rc = err_set(e, ERR_USAGE,
			     "give one plan, as in rudder apply users.plan");
	if (rc > 0) {
		o.plan = path[0];
		rc = apply_plan(&o, e);
	}
	return rc;
}

static int check(const struct subcommand *c, int argc, char **argv,
		 struct err *e)
{
	struct check_steps s = {.columns = isatty(STDOUT_FILENO)};
	const struct opt table[] = {
		{0, "accept-connection", NULL,
		 "accept a changed destination or user identifier",
		 .flag = &s.accept_connection},
		{0},
	};
	char **path;
	int rc;

	rc = parse(c, table, argc, argv, &path, e);
	if (rc <= 0)
		return rc;
	if (!path[0])
		check_machine(&s);
	check_sync(&s, path);
	if (ferror(stdout))
		return err_set(e, ERR_IO, "cannot write to standard output");
	if (s.failed == 0)
		return 0;
	return err_set(e, s.worst, "%zu of %zu steps failed", s.failed, s.n);
}

static int init(const struct subcommand *c, int argc, char **argv,
		struct err *e)
{
	struct init_options o = {0};
	const struct opt table[] = {
		{'d', "source", "<source>", "URL of the source, or env:NAME",
		 .text = &o.source},
		{'t', "table", "<table>", "the table or view",
		 .text = &o.table},
		{'k', "key", "<column>", "column that identifies a row (id)",
		 .text = &o.key},
		{0, "dest", "<url>", "URL of the destination", .text = &o.dest},
		{0, "type", "<type>", "event type (identify)", .text = &o.type,
		 .values = "identify|track|page|screen|record"},
		{0, "mode", "<mode>", "upsert (default), mirror, full, ...",
		 .text = &o.mode,
		 .values = "upsert|mirror|insert-only|update-only|full"},
		{0, "pick", NULL, "choose the columns in the terminal",
		 .flag = &o.pick},
		{0, "delimiter", "<char>", "of a CSV file (a comma)",
		 .text = &o.delimiter},
		{'o', "output", "<file>",
		 "sync file to write (syncs/TABLE.yaml)", .text = &o.output},
		{0},
	};
	char **none;
	int rc;

	rc = parse(c, table, argc, argv, &none, e);
	if (rc > 0 && none[0])
		rc = err_set(e, ERR_USAGE,
			     "unexpected argument '%s': the table is given by "
			     "--table",
			     none[0]);
	if (rc > 0)
		rc = init_sync(&o, e);
	return rc;
}

static int show_runs(const struct subcommand *c, int argc, char **argv,
		     struct err *e)
{
	struct log_options o = {.n = UINT64_MAX};
	const struct opt table[] = {
		{'k', "key", "<id>",
		 "show the history of one row, newest first", .text = &o.key},
		{0, "failing", NULL, "show the rows that fail now, and why",
		 .flag = &o.failing},
		{'n', "max-count", "<n>",
		 "show at most n runs, rows or receipts (all)", .count = &o.n},
		{0, "format", "<format>", "text (default) or json",
		 .text = &o.format, .values = "text|json"},
		{0},
	};
	int rc;

	rc = parse(c, table, argc, argv, &o.names, e);
	if (rc > 0)
		rc = show_log(&o, STDOUT_FILENO, e);
	return rc;
}

static int status(const struct subcommand *c, int argc, char **argv,
		  struct err *e)
{
	struct status_options o = {0};
	const struct opt table[] = {
		{0, "format", "<format>",
		 "text (default), json, prometheus or html", .text = &o.format,
		 .values = "text|json|prometheus|html"},
		{'o', "output", "<file>",
		 "write to this file, replaced in one step", .text = &o.output},
		{0, "max-age", "<time>",
		 "end with 4 if no run succeeded for this long",
		 .msec = &o.max_age_ms},
		{0},
	};
	int rc;

	rc = parse(c, table, argc, argv, &o.names, e);
	if (rc > 0)
		rc = show_status(&o, STDOUT_FILENO, e);
	return rc;
}

/* The commands in the order of --help. */
static const struct subcommand commands[] = {
	{"rudder init", "write a first sync file for a table", "[<option> ...]",
	 NULL,
	 "  rudder init\n"
	 "  rudder init -d env:WAREHOUSE -t users --dest "
	 "rudder:https://data.example.com\n",
	 init},
	{"rudder check",
	 "check whether a sync would work, or what this machine has",
	 "[<sync file> ...]", "<sync-file>",
	 "  rudder check\n"
	 "  rudder check syncs/users.yaml\n",
	 check},
	{"rudder run", "run syncs", "[<option> ...] [<sync file> ...]",
	 "<sync-file>",
	 "  rudder run\n"
	 "  rudder run syncs/users.yaml\n"
	 "  rudder run --print syncs/users.yaml\n"
	 "  rudder run --jobs 4 --select 'tag:hourly'\n",
	 run_files},
	{"rudder plan",
	 "show what a run would do, and save its events for review",
	 "[<option> ...] <sync file> | <project>", "<sync-file>",
	 "  rudder plan syncs/users.yaml\n"
	 "  rudder plan -o users.plan syncs/users.yaml\n",
	 plan},
	{"rudder apply", "send the events of a plan, or decline them",
	 "[--decline] <plan>", "<plan>",
	 "  rudder apply users.plan\n"
	 "  rudder apply --decline users.plan\n",
	 apply},
	{"rudder status", "show how each sync is doing",
	 "[<option> ...] [<sync> ...]", "<sync>",
	 "  rudder status\n"
	 "  rudder status --max-age 26h syncs/users.yaml\n"
	 "  rudder status --format prometheus -o "
	 "/var/lib/node_exporter/rudder.prom\n"
	 "  rudder status --format html -o syncs.html\n",
	 status},
	{"rudder log", "show runs, failing rows, or the history of one row",
	 "[<option> ...] [<sync> ...]", "<sync>",
	 "  rudder log syncs/users.yaml\n"
	 "  rudder log --failing syncs/users.yaml\n"
	 "  rudder log --key 42 state/users\n",
	 show_runs},
	{"rudder filter", "run any program on the data lines of a stream",
	 "-- <program> [<argument> ...]", "<command>",
	 "  rudder-query -d sqlite:shop.db -t users |\n"
	 "      rudder filter -- jq -c 'select(.id > 3)' |\n"
	 "      rudder-diff -k id -s state/users --mode "
	 "mirror\n",
	 filter},
	{"rudder tee", "copy one stream to several commands",
	 "[<option> ...] -- '<command>' '<command>' ...", "<command>",
	 "  rudder-query -d sqlite:shop.db -t users |\n"
	 "      rudder tee -- ./to-crm.sh ./to-ads.sh\n",
	 tee},
};

static const char *name_of(const struct subcommand *c)
{
	return c->title + strlen("rudder ");
}

/* Finds the command with this name; or NULL. */
static const struct subcommand *find(const char *name)
{
	for (size_t i = 0; name && i < COUNT_OF(commands); i++) {
		if (strcmp(name, name_of(&commands[i])) == 0)
			return &commands[i];
	}
	return NULL;
}

static void print_commands(void)
{
	printf("\ncommands:\n");
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		printf("  %-8s %s\n", name_of(&commands[i]),
		       commands[i].summary);
	printf("  help     print the help of a command or filter\n"
	       "\nfilters, for pipelines:\n");
	programs_print();
}

static int unknown_command(const char *word, struct err *e)
{
	const char *names[COUNT_OF(commands) + 1] = {0}, *near;
	const char *filter_of = programs_find(word);

	for (size_t i = 0; i < COUNT_OF(commands); i++)
		names[i] = name_of(&commands[i]);
	if (filter_of)
		return err_set(e, ERR_USAGE, "'%s' is a program of its own: %s",
			       word, filter_of);
	near = opt_nearest(word, names);
	if (near)
		return err_set(e, ERR_USAGE,
			       "unknown command '%s'; did you mean 'rudder "
			       "%s'?",
			       word, near);
	return err_set(e, ERR_USAGE,
		       "unknown command '%s'; see 'rudder --help'", word);
}

/* Handles a first word that is not a command: --help, --version, or a mistake.
 */
static int no_command(int argc, char **argv, struct err *e)
{
	static const struct opt none[] = {{0}};
	struct opt_page page = {
		.summary = "sync warehouse rows to destinations",
		.synopsis = "<command> [<option> ...] [<argument> ...]",
		.operand = "<command>",
		.table = none,
		.list = print_commands,
		.examples = "  rudder init -d sqlite:shop.db -t users --dest "
			    "file:events.ndjson\n"
			    "  rudder check syncs/users.yaml\n"
			    "  rudder run\n"
			    "  rudder status\n",
	};
	struct buf names = {0};
	char **operands;
	int rc;

	tool_start("rudder");
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		buf_fmt(&names, "%s%s", i > 0 ? "|" : "",
			name_of(&commands[i]));
	page.operand_values = buf_cstr(&names);
	rc = opt_parse(argc, argv, &page, &operands, e);
	buf_clear(&names);
	if (rc <= 0)
		return rc;
	if (!operands[0])
		return err_set(e, ERR_USAGE, "no command; see 'rudder --help'");
	return unknown_command(operands[0], e);
}

/* rudder help [COMMAND]: prints the same as COMMAND --help. For a filter, named
 * with or without "rudder-", this process executes it.
 */
static int help(char **words, struct err *e)
{
	char option[] = "--help", program[] = "rudder";
	char *const name = words[0] ? words[0] : program;
	char *argv[] = {name, option, NULL};
	const struct subcommand *c = find(name);
	const char *filter_of = programs_find(name);

	if (c)
		return c->start(c, 2, argv, e);
	if (filter_of)
		return programs_become(filter_of, argv, e);
	if (*name != '-' && words[0] && strcmp(name, "help") != 0) {
		tool_start("rudder");
		return unknown_command(name, e);
	}
	return no_command(2, argv, e);
}

int main(int argc, char **argv)
{
	const struct subcommand *c = argc > 1 ? find(argv[1]) : NULL;
	struct err e = {0};

	if (c)
		return tool_end(c->start(c, argc - 1, argv + 1, &e), &e);
	if (argc > 1 && strcmp(argv[1], "help") == 0)
		return tool_end(help(argv + 2, &e), &e);
	return tool_end(no_command(argc, argv, &e), &e);
}
