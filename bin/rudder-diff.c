/* rudder-diff - compares rows with a state, and commits receipts to it */
#include <fcntl.h>
#include <unistd.h>

#include "core/opt.h"
#include "core/tool.h"
#include "diff/commit.h"
#include "diff/compare.h"
#include "diff/convert.h"
#include "diff/diff.h"
#include "diff/inspect.h"
#include "diff/rebase.h"
#include "diff/show_runs.h"
#include "diff/state/history.h"
#include "diff/state/runs.h"
#include "wire/stream/abort.h"

enum { OPTIONS = 64 };

static const char examples[] =
	"  rudder-query -d sqlite:shop.db -t users |\n"
	"      rudder-diff -k id --identity email -s state/users --mode mirror "
	"|\n"
	"      rudder-map -t record --identifier email |\n"
	"      rudder-send -d rudder:https://data-plane.example.com |\n"
	"      rudder-diff --commit -s state/users\n"
	"  rudder-diff -k id yesterday.ndjson today.ndjson\n";

struct diff_command {
	struct diff_options diff;
	struct commit_options commit;
	const char *state;
	uint64_t max_line;
	bool is_commit, status, dump, runs, failing;
	const char *forget, *between, *format, *log, *mapping;
	uint64_t max_age_ms;
	bool invert;
	struct opt_list require, expect;
};

/* Opens the named file, or standard input. Returns a descriptor, or -1. */
static int open_input(const char *file, struct err *e)
{
	int in = STDIN_FILENO;

	if (file && strcmp(file, "-") != 0)
		in = open(file, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", file);
	if (isatty(in))
		return err_set(e, ERR_USAGE,
			       "standard input is a terminal; see 'rudder-diff "
			       "--help' for a pipeline");
	return in;
}

/* The output of a list, which closes it: a copy if more lists follow. */
static int output_of(int more)
{
	return more > 0 ? dup(STDOUT_FILENO) : STDOUT_FILENO;
}

/* Prints the lists that were asked for, in this order. */
static int list(const struct diff_command *c, struct err *e)
{
	int more = c->status + c->runs + c->failing, rc = 0;

	if (c->status)
		rc = inspect_status(c->state, c->max_age_ms, output_of(--more),
				    e);
	if (rc == 0 && c->runs)
		rc = show_runs_all(c->state, output_of(--more), e);
	if (rc == 0 && c->failing)
		rc = show_runs_failing(c->state, output_of(--more), e);
	return rc;
}

/* Runs a use that only reads a state, or forgets a key. */
static int inspect(struct diff_command *c, char **file, struct err *e)
{
	const int out = STDOUT_FILENO;

	if (c->status || c->runs || c->failing)
		return list(c, e);
	if (c->log)
		return show_runs_log(c->state, c->log, out, e);
	if (c->dump)
		return inspect_dump(c->state, out, e);
	if (c->mapping)
		return inspect_mapping(c->state, c->mapping, out, e);
	if (c->between)
		return history_between(c->state, c->between,
				       file[0] ? file[0] : "now", out, e);
	return inspect_forget(c->state, c->forget, c->diff.memory,
			      c->diff.lock_wait_ms, e);
}

static int reshape(struct diff_command *c, char **file, struct err *e)
{
	const struct convert_options o = {
		.format = c->format,
		.input = c->diff.input,
	};
	int in;

	if (c->state || (file[0] && file[1]) || (c->invert && c->format))
		return err_set(e, ERR_USAGE,
			       "options '--invert' and '--format' exclude each "
			       "other: each reads a stream of changes");
	in = open_input(file[0], e);
	return in < 0 ? -1 : convert_run(&o, in, STDOUT_FILENO, e);
}

/* Whether the command only reads a state, or forgets a key. */
static bool inspects(const struct diff_command *c)
{
	return c->status || c->dump || c->runs || c->failing || c->log ||
	       c->forget || c->between || c->mapping;
}

/* Refuses options of a different use. */
static int check_uses(const struct diff_command *c, struct err *e)
{
	const char *name = c->commit.history > 0       ? "history"
			   : c->commit.keep_log_ms > 0 ? "keep-log"
			   : c->commit.keep_runs > 0   ? "keep-runs"
			   : c->expect.n > 0           ? "expect"
						       : NULL;

	if (name && !c->is_commit)
		return err_set(e, ERR_USAGE, "option '--%s' needs --commit",
			       name);
	if (c->commit.keep_runs > RUNS_KEPT_MOST)
		return err_set(e, ERR_USAGE,
			       "option '--keep-runs': at most %d runs are kept",
			       RUNS_KEPT_MOST);
	if (c->diff.hold && (c->is_commit || inspects(c) || !c->state ||
			     c->diff.rebase || c->diff.dry_run))
		return err_set(e, ERR_USAGE,
			       "option '--hold' needs a state (-s FOLDER) and "
			       "a run that sends its changes");
	if (c->max_age_ms > 0 && !c->status)
		return err_set(e, ERR_USAGE,
			       "option '--max-age' needs --status");
	return 0;
}

/* Runs the use that the options select. */
static int run_command(struct diff_command *c, char **file, struct err *e)
{
	int in;

	c->diff.input.max_line = (size_t)c->max_line;
	c->diff.confine = c->commit.confine = true;
	c->commit.input = c->diff.input;
	c->commit.lock_wait_ms = c->diff.lock_wait_ms;
	c->commit.memory = c->diff.memory;
	c->commit.stats = c->diff.stats;
	c->commit.state = c->diff.state = c->state;
	if (c->invert || c->format)
		return reshape(c, file, e);
	c->commit.expect = &c->expect;
	if (check_uses(c, e) < 0)
		return -1;
	if (!c->state && !c->is_commit && file[0] && file[1] && !file[2])
		return compare_files(&c->diff, file[0], file[1], STDOUT_FILENO,
				     e);
	if (c->diff.sorted)
		return err_set(
			e, ERR_USAGE,
			"option '--sorted' needs two files: -k COLUMN OLD NEW");
	if (c->state && inspects(c))
		return inspect(c, file, e);
	if (!c->state || (file[0] && file[1]))
		return err_set(e, ERR_USAGE,
			       "no state: use -s FOLDER with rows on standard "
			       "input, or name two files to compare; see "
			       "'rudder-diff --help'");
	in = open_input(file[0], e);
	if (in < 0)
		return -1;
	if (c->is_commit)
		return commit_run(&c->commit, in, e);
	if (c->diff.rebase)
		return rebase_run(&c->diff, in, STDOUT_FILENO, e);
	return diff_run(&c->diff, in, STDOUT_FILENO, e);
}

/* Whether the output of the command is a stream, with control lines. */
static bool writes_stream(const struct diff_command *c)
{
	return !(c->is_commit || inspects(c) ||
		 (c->format && strcmp(c->format, "debezium") == 0));
}

/* Adds the options for which rows are compared, and how. */
static void add_compare(struct opt *table, struct diff_command *c)
{
	const struct opt rows[] = {
		{'k', "key", "<columns>",
		 "key column of the rows; several: a,b", .text = &c->diff.key},
		{0, "identity", "<columns>",
		 "columns the destination matches people on (email)",
		 .text = &c->diff.identity},
		{'s', "state", "<folder>",
		 "folder of the state: what the destination holds",
		 .text = &c->state},
		{0, "mode", "<mode>",
		 "upsert, mirror, insert-only, update-only, full",
		 .text = &c->diff.mode,
		 .values = "upsert|mirror|insert-only|update-only|full"},
		{0, "compare", "<columns>",
		 "compare only these columns; patterns: a,b*",
		 .text = &c->diff.compare},
		{0, "ignore", "<columns>", "do not compare these columns",
		 .text = &c->diff.ignore},
		{0, "keep", "<what>",
		 "keep hash (default), row or columns in the state",
		 .text = &c->diff.keep, .values = "hash|row"},
		{0, "sorted", NULL,
		 "both files are sorted by the key; uses little memory",
		 .flag = &c->diff.sorted},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

/* Adds the options for resends, and for limits of a run. */
static void add_resend(struct opt *table, struct diff_command *c)
{
	const struct opt rows[] = {
		{0, "full", NULL, "send all rows once", .flag = &c->diff.full},
		{0, "tag", "<tag>",
		 "resend every row when this value differs from the last run",
		 .text = &c->diff.tag},
		{0, "on-tag-change", "<how>",
		 "new tag: send full (default), changed or none",
		 .text = &c->diff.on_tag_change, .values = "full|changed|none"},
		{0, "on-mapping-change", "<how>",
		 "send all rows again (full, default), now, changed, none",
		 .text = &c->diff.on_mapping_change,
		 .values = "full|now|changed|none"},
		{0, "max-resend", "<n>",
		 "block a resend of more rows (100000; 0 for track)",
		 .count = &c->diff.max_resend},
		{0, "allow-resend", "<n>", "allow a resend of n rows once",
		 .count = &c->diff.allow_resend},
		{0, "accept-connection", NULL,
		 "accept a changed destination or user identifier once",
		 .flag = &c->diff.accept_connection},
		{0, "max-changes", "<n>",
		 "send at most n changes, the rest in later runs",
		 .count = &c->diff.max_changes},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

/* Adds the options for deletes, and for runs that send nothing. */
static void add_deletes(struct opt *table, struct diff_command *c)
{
	const struct opt rows[] = {
		{0, "delete-after-runs", "<n>",
		 "delete rows missing in n complete runs in a row (1)",
		 .count = &c->diff.delete_after_runs},
		{0, "max-deletes", "<n|p%>",
		 "block more deletes (10% or 10, at most half)",
		 .text = &c->diff.max_deletes},
		{0, "allow-deletes", "<n>",
		 "allow exactly n deletes once (n,guard: see man)",
		 .text = &c->diff.allow_deletes},
		{0, "require-key", "<id>",
		 "block deletes unless this key is present",
		 .list = &c->require},
		{0, "allow-older", NULL,
		 "accept rows read before those of the last commit",
		 .flag = &c->diff.allow_older},
		{'n', "dry-run", NULL,
		 "print the changes, do not write the state",
		 .flag = &c->diff.dry_run},
		{0, "hold", NULL,
		 "make a plan: other runs wait until it is committed",
		 .flag = &c->diff.hold},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

static void add_commit(struct opt *table, struct diff_command *c)
{
	const struct opt rows[] = {
		{0, "commit", NULL, "read receipts and update the state",
		 .flag = &c->is_commit},
		{0, "rejected", "<how>",
		 "rejected rows: retry (default) or accept",
		 .text = &c->commit.rejected, .values = "retry|accept"},
		{0, "expect", "<check>",
		 "with --commit: status 4 unless this is true: failed<1%",
		 .list = &c->expect},
		{0, "keep-log", "<time>",
		 "with --commit: log receipts and keep them this long",
		 .msec = &c->commit.keep_log_ms},
		{0, "keep-runs", "<n>",
		 "with --commit: records of runs to keep, at least (1000)",
		 .count = &c->commit.keep_runs},
		{0, "rebase", NULL,
		 "record the rows as delivered, send nothing",
		 .flag = &c->diff.rebase},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

/* Adds the options that inspect a state or change the output. */
static void add_looks(struct opt *table, struct diff_command *c)
{
	const struct opt rows[] = {
		{0, "status", NULL, "show the state, as JSON",
		 .flag = &c->status},
		{0, "max-age", "<time>",
		 "with --status: status 4 if no run succeeded for: 26h",
		 .msec = &c->max_age_ms},
		{0, "runs", NULL, "list the runs, as NDJSON", .flag = &c->runs},
		{0, "failing", NULL, "list the failing keys, as NDJSON",
		 .flag = &c->failing},
		{0, "log", "<id>", "show what happened to a key, as NDJSON",
		 .text = &c->log},
		{0, "compare-mapping", "<record>",
		 "say whether rows are to be sent again with it",
		 .text = &c->mapping},
		{0, "dump", NULL, "list keys and pending changes, as NDJSON",
		 .flag = &c->dump},
		{0, "history", "<n>",
		 "with --commit: keep the last n snapshots",
		 .count = &c->commit.history},
		{0, "between", "<a> [<b>]",
		 "list the keys that changed from snapshot a to b",
		 .text = &c->between},
		{0, "invert", NULL,
		 "read changes and write the changes that undo them",
		 .flag = &c->invert},
		{0, "format", "<form>",
		 "read changes and write them as debezium or record",
		 .text = &c->format, .values = "debezium|record"},
		{0, "forget", "<id>", "erase a key from the state",
		 .text = &c->forget},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

static void add_input(struct opt *table, struct diff_command *c)
{
	const struct opt rows[] = {
		{0, "trust-eof", NULL, "accept input without an end line",
		 .flag = &c->diff.input.trust_eof},
		{0, "end-from", "<file>", "deprecated: use rudder filter",
		 .text = &c->diff.end_from},
		{0, "any-counts", NULL,
		 "accept input with rows dropped in between",
		 .flag = &c->diff.input.any_counts},
		{0, "memory", "<bytes>", "use temporary files above this (1G)",
		 .count = &c->diff.memory},
		{0, "lock-wait", "<time>", "wait for another run to end (0s)",
		 .msec = &c->diff.lock_wait_ms},
		{0, "max-line", "<bytes>", "reject longer lines (16M)",
		 .count = &c->max_line},
		{0, "stats", "<file>", "write counters to this file, as JSON",
		 .text = &c->diff.stats},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

static void add_options(struct opt *table, struct diff_command *c)
{
	add_compare(table, c);
	add_resend(table, c);
	add_deletes(table, c);
	add_commit(table, c);
	add_looks(table, c);
	add_input(table, c);
}

int main(int argc, char **argv)
{
	struct diff_command c = {
		.diff = {.memory = DIFF_OPTIONS_MEMORY,
			 .max_resend = UINT64_MAX},
		.commit = {.rejected = "retry"},
		.max_line = INPUT_MAX_LINE,
	};
	struct opt table[OPTIONS] = {{0}};
	const struct opt_page page = {
		.summary = "find what changed since the last delivered state",
		.synopsis = "-k <columns> -s <folder> [<rows>]\n"
			    "       rudder-diff --commit -s <folder> "
			    "[<receipts>]\n"
			    "       rudder-diff -k <columns> <old> <new>",
		.table = table,
		.examples = examples,
		.operand = "<file>",
	};
	struct err e = {0};
	char **file;
	int rc;

	add_options(table, &c);
	c.diff.require = &c.require;
	tool_start("rudder-diff");
	rc = opt_parse(argc, argv, &page, &file, &e);
	if (rc != 0)
		abort_output(writes_stream(&c) ? STDOUT_FILENO : -1, "diff");
	if (c.diff.dry_run)
		abort_dry_run();
	if (rc > 0)
		rc = run_command(&c, file, &e);
	opt_clear(&page);
	return tool_end(rc, &e);
}
