/* parts.h - the data of one run of rudder-map, shared by its files.
 *
 * Floor 2 (map). map.c reads lines and decides what each is; row_event.c makes
 * the event of a row, compute.c has jq judge it first, multi.c puts together
 * what several mappings make of it, and output.c writes all that leaves:
 * events, rejects, skips, previews, the begin and the end line.
 */
#ifndef MAP_PARTS_H
#define MAP_PARTS_H

#include "core/num.h"
#include "map/deletes.h"
#include "map/event/event.h"
#include "map/event/event_template.h"
#include "map/event/rowid.h"
#include "map/jq/event_wrap.h"
#include "map/jq/expr.h"
#include "map/jq/workers.h"
#include "map/map.h"
#include "map/removal_guard.h"
#include "wire/stream/input.h"
#include "wire/stream/reasons.h"

enum { PARTS_FORMS = 8, PARTS_DIGITS = 32 };

/* What was worked out for one list of columns. */
struct event_form {
	const struct input *in; /* whose shape: each numbers its own */
	uint64_t shape;         /* 0: unused */
	enum mapping_action action;
	bool record;     /* event_type_is_record */
	bool user_only;  /* nothing but the user has to be there */
	bool prepares;   /* event_template_prepares */
	uint32_t mix;    /* into messageIds (fingerprint.h) */
	struct buf says; /* what it does, where a preview wants it */
	struct event_template
		*plan; /* NULL: why says what is wrong with the columns */
	struct event_source from;
	struct err why;
};

/* Events by columns, without a program: row_event.c. */
struct maker_forms {
	struct event_form form[PARTS_FORMS];
	struct event_form *last;
	size_t next;     /* to be replaced */
	bool checked;    /* the columns that the settings name are there */
	struct rowid id; /* of a row that is not a change */
	char hex[PARTS_DIGITS];
	struct event_values values;
	struct buf message; /* messageId of a change */
	struct buf why;     /* why the last row has no event */
};

/* What jq programs make of a row: compute.c, native.c. */
struct maker_programs {
	struct expr *expr;     /* NULL: no jq program */
	struct native *native; /* NULL: rows are for libjq */
	struct native *gate;   /* then: the condition by itself, or NULL */
	unsigned company;      /* rows that go to libjq with an odd one */
	struct event_wrap_event shell;
	struct event_wrap around; /* an event that libjq gave */
	struct workers *workers;  /* made at the first row */
	struct buf row;
	struct input again;     /* a row that jq has judged */
	struct slice *extra;    /* owned: computed values */
	struct buf values_text; /* and where they stand, if from libjq */
	struct scan *values_scan;
};

/* A delete that removal.c made. */
struct maker_removal {
	struct input in;
	struct buf line;
};

/* One mapping at work. */
struct maker {
	struct map *run;
	struct mapping m;
	bool makes[MAPPING_ACTIONS]; /* event_made */
	struct buf sources;          /* context.sources as JSON */
	uint64_t fingerprint;        /* of m */
	struct maker_forms forms;
	struct maker_programs programs;
	struct maker_removal removal;
	struct buf made; /* what result_room gives where there are several
			    mappings */
};

struct makers {
	struct maker *v; /* owned */
	size_t n;        /* at least 1 */
};

/* What was asked, by options and the environment: fixed before the first line.
 */
struct map_asked {
	const struct map_options *o;
	struct num_share max_rejects;
	struct buf run_id; /* given by the environment */
	bool no_colour;
};

/* What the begin line says of the state. */
struct map_base {
	struct deletes deletes;
	bool changed;      /* the mapping is not that of the state */
	struct buf change; /* what is new or changed in it, in words */
	struct err lacks;  /* of deletes_begin, or ERR_NONE */
};

/* What has arrived. */
struct map_arrived {
	struct input in;
	int fd;
	struct buf end;       /* body of the end line */
	uint64_t end_blocked; /* deletes, by an earlier stage */
};

/* What leaves: lines, and the counts of them. */
struct map_leaving {
	struct writer *out;
	bool begun;             /* our begin line is written */
	struct buf held;        /* it, while deletes may be refused */
	struct hash_long *seal; /* of what has left, with --seal */
	struct removal_guard removals;
	uint64_t events, rejects, skips; /* our own */
	uint64_t undeleted;     /* skips among them that should be deletes */
	struct reasons reasons; /* of our rejects */
	uint64_t shown;         /* rows of a preview */
};

struct map {
	struct map_asked asked;
	struct map_base base;
	struct map_arrived arrived;
	struct map_leaving leaving;
	struct makers makers;
	struct multi *multi; /* NULL: there is one maker */
};

#endif
