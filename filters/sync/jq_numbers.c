#include "sync/jq_numbers.h"

#include "core/num.h"
#include "sync/report/capture.h"

/* Whether the version, like "jq-1.6" or "jq-1.8.0-2-g1a2b3c4", is before 1.7,
 * or unknown.
 */
static bool before_1_7(struct slice version)
{
	static const char major[] = "jq-1.";
	const char *p = version.p + sizeof(major) - 1;
	const char *end = version.p + version.n;
	size_t n = 0;
	uint64_t minor;

	if (!slice_starts(version, major))
		return !slice_starts(version, "jq-");
	while (p + n < end && p[n] >= '0' && p[n] <= '9')
		n++;
	return num_uint(slice_of(p, n), &minor) < 0 || minor < 7;
}

bool jq_numbers_rounded(const char *command)
{
	const char *const argv[] = {command, "--version", NULL};
	struct capture c = {0};
	struct err why;
	bool rounded =
		capture_run(&c, argv, &why) < 0 || before_1_7(buf_all(&c.out));

	capture_clear(&c);
	return rounded;
}
