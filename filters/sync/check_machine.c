#include "sync/check_machine.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/temp.h"
#include "sync/pipeline.h"

enum { OUTPUT = 4096, DESCRIPTORS = 256 };
#define ROOM_MIN ((uint64_t)1024 * 1024 * 1024)
#define Y2025_MS ((uint64_t)1735689600 * 1000)

/* ---- tools ------------------------------------------------------------ */

static void check_tool(struct check_steps *s, const char *name,
		       struct buf *ours)
{
	const char *const words[] = {name, "--version", NULL};
	const struct pipeline_options o = {.folder = ".", .both = true};
	struct stages all = {0};
	struct buf b = {0};
	struct err e;
	const char *version;
	int status;

	stages_command(&all, SYNC_STAGES, words);
	status = pipeline_capture(&b, &all, &o, OUTPUT, &e);
	while (b.n > 0 && b.p[b.n - 1] == '\n')
		b.n--;
	version = strrchr(buf_cstr(&b), ' ');
	version = version ? version + 1 : "";
	if (status != 0)
		check_steps_failed(s, name, ERR_CONFIG,
				   "cannot be run; install all of rudder");
	else if (ours->n > 0 && strcmp(buf_cstr(ours), version) != 0)
		check_steps_failed(s, name, ERR_CONFIG,
				   "of another version than rudder");
	else
		check_steps_ok(s, name, version);
	if (ours->n == 0)
		buf_str(ours, version);
	stages_clear(&all);
	buf_clear(&b);
}

static void check_tools(struct check_steps *s)
{
	static const char *const names[] = {"rudder", "rudder-query",
					    "rudder-diff", "rudder-map",
					    "rudder-send"};
	struct buf ours = {0};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		check_tool(s, names[i], &ours);
	buf_clear(&ours);
}

/* ---- libraries -------------------------------------------------------- */

static void check_libraries(struct check_steps *s)
{
	static const struct {
		const char *file, *what;
	} list[] = {
		{"libpq.so.5", "PostgreSQL, Redshift"},
		{"libmariadb.so.3", "MySQL, MariaDB"},
		{"libsqlite3.so.0", "SQLite"},
		{"libodbc.so.2", "ODBC"},
		{"libduckdb.so", "DuckDB, Parquet"},
		{"libcurl.so.4", "HTTP: RudderStack, webhooks, ClickHouse"},
		{"librdkafka.so.1", "Kafka"},
		{"libjq.so.1", "jq in mappings"},
	};
	const char *duckdb = getenv("RUDDER_LIBDUCKDB");

	for (size_t i = 0; i < COUNT_OF(list); i++) {
		const char *file =
			duckdb && strcmp(list[i].file, "libduckdb.so") == 0
				? duckdb
				: list[i].file;
		void *lib = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
		struct buf b = {0};

		buf_fmt(&b, "%s: %s%s", list[i].file, list[i].what,
			lib ? "" : "; not found, needed for these only");
		if (lib)
			check_steps_ok(s, "library", buf_cstr(&b));
		else
			check_steps_warn(s, "library", buf_cstr(&b));
		if (lib)
			dlclose(lib);
		buf_clear(&b);
	}
}

/* ---- folders, limits, clock ------------------------------------------- */

static void check_folder(struct check_steps *s, const char *step,
			 const char *path)
{
	struct buf b = {0};
	struct statvfs v;
	uint64_t free_bytes = 0;

	if (statvfs(path, &v) == 0)
		free_bytes = (uint64_t)v.f_bavail * v.f_frsize;
	if (access(path, W_OK | X_OK) != 0) {
		buf_fmt(&b, "'%s': %s", path, strerror(errno));
		check_steps_failed(s, step, ERR_DENIED, buf_cstr(&b));
	} else {
		buf_fmt(&b, "'%s' can be written, %ju MiB are free", path,
			(uintmax_t)(free_bytes >> 20));
		if (free_bytes < ROOM_MIN)
			check_steps_warn(s, step, buf_cstr(&b));
		else
			check_steps_ok(s, step, buf_cstr(&b));
	}
	buf_clear(&b);
}

static void check_limits(struct check_steps *s)
{
	struct rlimit r = {0};
	struct buf b = {0};

	(void)getrlimit(RLIMIT_NOFILE, &r);
	buf_fmt(&b, "%ju descriptors", (uintmax_t)r.rlim_cur);
	if (r.rlim_cur < DESCRIPTORS)
		check_steps_warn(s, "limits", buf_cstr(&b));
	else
		check_steps_ok(s, "limits", buf_cstr(&b));
	buf_clear(&b);
}

/* Checks the clock: runs are ordered by it, and rows older than the last commit
 * are refused.
 */
static void check_clock(struct check_steps *s)
{
	uint64_t now = clock_wall_ms();
	struct timex t = {0};
	struct buf b = {0};

	clock_stamp(&b, now);
	if (now < Y2025_MS)
		check_steps_failed(s, "clock", ERR_CONFIG, buf_cstr(&b));
	else if (adjtimex(&t) == TIME_ERROR || (t.status & STA_UNSYNC)) {
		buf_str(&b, "; no time service keeps it right");
		check_steps_warn(s, "clock", buf_cstr(&b));
	} else {
		check_steps_ok(s, "clock", buf_cstr(&b));
	}
	buf_clear(&b);
}

void check_machine(struct check_steps *s)
{
	check_tools(s);
	check_libraries(s);
	check_folder(s, "folder", access("state", F_OK) == 0 ? "state" : ".");
	check_folder(s, "temporary", temp_dir(NULL));
	check_limits(s);
	check_clock(s);
}
