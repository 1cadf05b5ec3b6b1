#include "core/moment.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/num.h"

enum { BOOT_DIGITS = 32 };

struct moment {
	uint64_t wall_ms, mono_ms;
	struct slice boot; /* or empty */
};

/* Appends the boot id of Linux, a UUID, without its dashes. */
static void put_boot(struct buf *b)
{
	char id[36];
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, id, sizeof(id));

	if (fd >= 0)
		close(fd);
	for (ssize_t i = 0; i < n; i++) {
		if (id[i] != '-')
			buf_char(b, id[i]);
	}
}

void moment_now(struct buf *b)
{
	struct buf boot = {0};

	buf_fmt(b, "%ju", (uintmax_t)clock_wall_ms());
	put_boot(&boot);
	if (boot.n == BOOT_DIGITS) {
		buf_char(b, ' ');
		buf_slice(b, buf_all(&boot));
		buf_fmt(b, " %ju", (uintmax_t)clock_mono_ms());
	}
	buf_clear(&boot);
}

static int parse(struct slice text, struct moment *m)
{
	const char *blank = text.n > 0 ? memchr(text.p, ' ', text.n) : NULL;
	size_t n = blank ? (size_t)(blank - text.p) : text.n;

	*m = (struct moment){0};
	if (num_uint(slice_of(text.p, n), &m->wall_ms) < 0)
		return -1;
	if (!blank)
		return 0;
	text = slice_of(blank + 1, text.n - n - 1);
	if (text.n < BOOT_DIGITS + 2 || text.p[BOOT_DIGITS] != ' ')
		return -1;
	m->boot = slice_of(text.p, BOOT_DIGITS);
	return num_uint(
		slice_of(text.p + BOOT_DIGITS + 1, text.n - BOOT_DIGITS - 1),
		&m->mono_ms);
}

static bool is_later(uint64_t a, uint64_t b, uint64_t by)
{
	return a > b && a - b > by;
}

/* Whether the machine was restored from a snapshot of its memory: it is still
 * in the same boot, but at an earlier time.
 */
static bool went_back(const struct moment *m, const struct moment *now)
{
	return slice_eq(m->boot, now->boot) && m->mono_ms > now->mono_ms;
}

enum moment_order moment_before(struct slice a, struct slice b,
				struct slice now, uint64_t tolerance_ms)
{
	struct moment x, y, z;
	bool before;

	if (parse(a, &x) < 0 || parse(b, &y) < 0 || parse(now, &z) < 0)
		return MOMENT_UNKNOWN;
	if (x.boot.n > 0 && slice_eq(x.boot, y.boot))
		before = x.mono_ms < y.mono_ms && !went_back(&y, &z);
	else
		before = is_later(y.wall_ms, x.wall_ms, tolerance_ms) &&
			 !is_later(y.wall_ms, z.wall_ms, tolerance_ms);
	return before ? MOMENT_BEFORE : MOMENT_NOT_BEFORE;
}

int moment_wall(struct slice moment, uint64_t *wall_ms)
{
	struct moment m;

	if (parse(moment, &m) < 0)
		return -1;
	*wall_ms = m.wall_ms;
	return 0;
}
