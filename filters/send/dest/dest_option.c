#include "send/dest/dest_option.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"

static void *at(const struct dest_given_group *of, const struct dest_option *o)
{
	return (char *)of->settings + o->at;
}

static const struct dest_given_group *find(const struct dest_given *g,
					   const struct dest_group *group)
{
	for (size_t i = 0; g && i < g->n; i++) {
		if (g->of[i].group == group)
			return &g->of[i];
	}
	return NULL;
}

static struct dest_given_group *make(struct dest_given *g,
				     const struct dest_group *group)
{
	struct dest_given_group *of = &g->of[g->n];

	assert(g->n < DEST_GROUPS && group->n <= DEST_GROUP_OPTIONS);
	g->n++;
	of->group = group;
	of->settings = mem_zero(group->size);
	for (size_t i = 0; i < group->n; i++) {
		const struct dest_option *o = &group->option[i];

		if (o->kind == DEST_COUNT || o->kind == DEST_MSEC)
			*(uint64_t *)at(of, o) = o->otherwise;
	}
	return of;
}

void dest_option_add(struct dest_given *g, const struct dest_group *const *own,
		     const char *scheme)
{
	for (; *own; own++) {
		const struct dest_given_group *old = find(g, *own);
		struct dest_given_group *of =
			old ? &g->of[old - g->of] : make(g, *own);
		size_t n = 0;

		while (of->scheme[n])
			n++;
		assert(n + 1 < DEST_SCHEMES);
		of->scheme[n] = scheme;
	}
}

/* Sets of->who, like "rudder:, segment: and webhook:". */
static void name_drivers(struct dest_given_group *of)
{
	size_t n = 0;

	for (size_t i = 0; of->scheme[i]; i++) {
		const char *before = i == 0              ? ""
				     : of->scheme[i + 1] ? ", "
							 : " and ";

		n += (size_t)snprintf(of->who + n, sizeof(of->who) - n,
				      "%s%s:", before, of->scheme[i]);
		assert(n < sizeof(of->who));
	}
}

static struct opt row_of(struct dest_given_group *of, size_t i)
{
	const struct dest_option *o = &of->group->option[i];
	void *to = at(of, o);

	return (struct opt){
		.name = o->name,
		.arg = o->arg,
		.help = o->help,
		.flag = o->kind == DEST_FLAG ? to : NULL,
		.text = o->kind == DEST_TEXT ? to : NULL,
		.count = o->kind == DEST_COUNT ? to : NULL,
		.msec = o->kind == DEST_MSEC ? to : NULL,
		.list = o->kind == DEST_LIST ? to : NULL,
		.group = of->who,
		.values = o->values,
		.given = &of->given[i],
	};
}

size_t dest_option_rows(struct dest_given *g, struct opt *row, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		name_drivers(&g->of[i]);
		for (size_t k = 0; k < g->of[i].group->n; k++) {
			assert(n < max);
			row[n++] = row_of(&g->of[i], k);
		}
	}
	return n;
}

static bool is_in(const struct dest_group *const *own,
		  const struct dest_group *group)
{
	while (*own && *own != group)
		own++;
	return *own != NULL;
}

static int check_group(const struct dest_given_group *of, bool has,
		       struct err *e)
{
	const struct dest_group *group = of->group;

	for (size_t k = 0; !has && k < group->n; k++) {
		if (of->given[k])
			return err_names(e, ERR_USAGE,
					 "option '--%s' is only for %s",
					 group->option[k].name, of->who);
	}
	return has && group->check ? group->check(of->settings, e) : 0;
}

int dest_option_check(const struct dest_given *g,
		      const struct dest_group *const *own, struct err *e)
{
	for (size_t i = 0; i < g->n; i++) {
		if (check_group(&g->of[i], is_in(own, g->of[i].group), e) < 0)
			return -1;
	}
	return 0;
}

const void *dest_option_settings(const struct dest_given *g,
				 const struct dest_group *group)
{
	static const union {
		max_align_t aligned;
		char zero[512];
	} none;
	const struct dest_given_group *of = find(g, group);

	assert(group->size <= sizeof(none));
	return of ? of->settings : &none;
}

void dest_option_clear(struct dest_given *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->of[i].settings);
	*g = (struct dest_given){0};
}
