#include "core/num.h"

int num_uint(struct slice s, uint64_t *v)
{
	uint64_t got = 0;

	if (s.n == 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' ||
		    __builtin_mul_overflow(got, 10, &got) ||
		    __builtin_add_overflow(got, s.p[i] - '0', &got))
			return -1;
	}
	*v = got;
	return 0;
}

struct unit {
	const char *name;
	uint64_t factor;
};

/* A number and one of the units behind it; the first unit that fits counts. */
static int with_unit(struct slice s, const struct unit *u, uint64_t *v)
{
	uint64_t got;

	for (; u->name; u++) {
		size_t n = strlen(u->name);

		if (s.n <= n || memcmp(s.p + s.n - n, u->name, n) != 0)
			continue;
		if (num_uint(slice_of(s.p, s.n - n), &got) < 0 ||
		    __builtin_mul_overflow(got, u->factor, &got))
			return -1;
		*v = got;
		return 0;
	}
	return -1;
}

int num_size(struct slice s, uint64_t *v)
{
	static const struct unit units[] = {
		{"K", 1024}, {"M", 1024 * 1024}, {"G", 1024 * 1024 * 1024},
		{"", 1},     {NULL, 0},
	};

	return with_unit(s, units, v);
}

int num_msec(struct slice s, uint64_t *v)
{
	static const struct unit units[] = {
		{"ms", 1},      {"s", 1000}, {"m", 60 * 1000},
		{"h", 3600000}, {"", 1000},  {NULL, 0},
	};

	return with_unit(s, units, v);
}

int num_share(struct slice s, struct num_share *v)
{
	*v = (struct num_share){.percent = s.n > 0 && s.p[s.n - 1] == '%'};
	s.n -= v->percent;
	if (num_uint(s, &v->n) < 0 || (v->percent && v->n > 100))
		return -1;
	return 0;
}

bool num_share_over(const struct num_share *s, uint64_t part, uint64_t whole)
{
	if (!s->percent)
		return part > s->n;
	return (double)part * 100 > (double)s->n * (double)whole;
}

int num_mul(size_t a, size_t b, size_t *v)
{
	return __builtin_mul_overflow(a, b, v) ? -1 : 0;
}
