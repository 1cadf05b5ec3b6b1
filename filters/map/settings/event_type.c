#include "map/settings/event_type.h"

static const struct event_type types[] = {
	{.name = "identify", .body = "traits"},
	{.name = "track",
	 .body = "properties",
	 .name_member = "event",
	 .name_needed = true},
	{.name = "page", .body = "properties", .name_member = "name"},
	{.name = "screen", .body = "properties", .name_member = "name"},
	{.name = "group", .body = "traits", .group = true},
	{.name = "alias", .body = "traits", .alias = true},
	{.name = "record", .body = "fields", .record = true},
};

const struct event_type *event_type(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	}
	return NULL;
}

const char *const *event_type_names(void)
{
	static const char *names[COUNT_OF(types) + 1];

	for (size_t i = 0; i < COUNT_OF(types); i++)
		names[i] = types[i].name;
	return names;
}

void event_type_list(struct buf *b)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (i > 0)
			buf_str(b, i + 1 < COUNT_OF(types) ? ", " : " or ");
		buf_str(b, types[i].name);
	}
}

bool event_type_is_record(const struct mapping *m)
{
	return m->type && m->type->record;
}

int event_type_reserved(const struct path *p, struct err *e)
{
	static const char *const ours[] = {"type",   "userId",   "anonymousId",
					   "event",  "recordId", "messageId",
					   "channel"};
	const struct path_step *s = p->step;

	if (!p->root)
		return 0;
	for (size_t i = 0; i < COUNT_OF(ours); i++) {
		if (slice_is(slice_of(s->name, s->n), ours[i]))
			return err_names(
				e, ERR_CONFIG,
				"target '.%s' is reserved: rudder-map sets it",
				ours[i]);
	}
	if (slice_is(slice_of(s->name, s->n), "context") &&
	    (p->n == 1 || slice_is(slice_of(s[1].name, s[1].n), "sources")))
		return err_names(e, ERR_CONFIG,
				 "target '.context%s' is reserved: rudder-map "
				 "sets context.sources",
				 p->n == 1 ? "" : ".sources");
	return 0;
}
