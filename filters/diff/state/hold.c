#include "diff/state/hold.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/folder.h"
#include "core/tool.h"
#include "core/writer.h"
#include "wire/state/planning.h"

enum { HOLD_MAX = 4096 };

static bool exists(const char *dir, const char *name, struct stat *st)
{
	char *path = folder_file(dir, name);
	bool is = stat(path, st) == 0;

	free(path);
	return is;
}

/* The content of the file; empty if it cannot be read. */
static struct buf text_of(const char *dir)
{
	char *path = folder_file(dir, "hold");
	struct buf b = {0};
	struct err ignored;

	if (file_read(path, HOLD_MAX, &b, &ignored) < 0)
		b.n = 0;
	free(path);
	return b;
}

static bool is_dead(const char *dir, bool look)
{
	struct buf b = text_of(dir);
	bool dead = planning_is_dead(dir, buf_all(&b), look);

	buf_clear(&b);
	return dead;
}

uint64_t hold_expires(const char *dir)
{
	struct buf b = text_of(dir);
	uint64_t ms = planning_expires(buf_all(&b));

	buf_clear(&b);
	return ms;
}

static int lift_dead(const char *dir, struct err *e)
{
	if (hold_lift(dir, e) < 0)
		return -1;
	planning_forget(dir);
	tool_warn("rudder plan was killed before its plan was complete: its "
		  "changes are no longer held, and are made again");
	return 0;
}

/* Explains why a run must wait for the plan of that time. */
static void wait_for(const char *dir, const char *since, struct err *e)
{
	uint64_t expires = hold_expires(dir);
	struct buf at = {0};

	if (expires == 0 || clock_wall_ms() <= expires) {
		err_names(e, ERR_TEMP,
			  "a plan of %s is waiting for review: apply it "
			  "(rudder apply, or send it and commit its receipts) "
			  "or decline it (rudder apply --decline, or "
			  "rudder-send -d declined:); if it is lost, remove "
			  "'%s/hold'",
			  since, dir);
		return;
	}
	clock_stamp(&at, expires);
	err_names(e, ERR_TEMP,
		  "a plan of %s has expired at %s: decline it (rudder apply "
		  "--decline) and make a new one; if it is lost, remove "
		  "'%s/hold'",
		  since, buf_cstr(&at), dir);
	buf_clear(&at);
}

int hold_check(const char *dir, struct err *e)
{
	struct stat hold, pending;
	struct buf since = {0};

	if (!exists(dir, "hold", &hold) || !exists(dir, "pending", &pending))
		return 0;
	if (is_dead(dir, false))
		return lift_dead(dir, e);
	clock_stamp(&since, (uint64_t)hold.st_mtim.tv_sec * 1000);
	wait_for(dir, buf_cstr(&since), e);
	buf_clear(&since);
	return -1;
}

int hold_place(const char *dir, struct err *e)
{
	char *path = folder_file(dir, "hold");
	struct buf text = {0};
	int rc;

	planning_hold(&text);
	rc = writer_replace(path, buf_all(&text), e);
	buf_clear(&text);
	free(path);
	return rc;
}

bool hold_is(const char *dir)
{
	struct stat st;

	return exists(dir, "hold", &st) && !is_dead(dir, true);
}

int hold_lift(const char *dir, struct err *e)
{
	char *path = folder_file(dir, "hold");
	int rc = file_remove(path, e);

	free(path);
	return rc;
}
