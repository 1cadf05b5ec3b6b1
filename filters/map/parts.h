/* parts.h - the data of one run of rudder-map, shared by its files.
 *
 * Floor 2 (map). map.c reads lines and decides what each is; row_event.c makes
 * the event of a row; compute.c first passes a row to jq; multi.c joins the
 * events that several mappings make of a row; output.c writes all output:
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

/* The layout of the events for one list of columns and one action. */
struct event_form {
	const struct input
		*in; /* input that numbered shape: each has its own numbers */
	uint64_t shape; /* 0: unused */
	enum mapping_action action;
	bool record;     /* event_type_is_record */
	bool user_only;  /* only the user id is required */
	bool prepares;   /* event_template_prepares */
	uint32_t mix;    /* mixed into messageIds (fingerprint.h) */
	struct buf says; /* description of the layout, for previews */
	struct event_template
		*template; /* NULL: the columns are invalid, see why */
	struct event_source from;
	struct err why;
};

/* Data to make events from columns, without a program: row_event.c. */
struct maker_forms {
	struct event_form form[PARTS_FORMS];
	struct event_form *last;
	size_t next;     /* index of the form to replace next */
	bool checked;    /* the named columns have been checked */
	struct rowid id; /* ids of a row that is not a change */
	char hex[PARTS_DIGITS];
	struct event_values values;
	struct buf message; /* messageId of a change */
	struct buf why;     /* why the last row has no event */
};

/* Data to map rows with jq programs: compute.c, native.c. */
struct maker_programs {
	struct expr *expr;     /* NULL: no jq program */
	struct native *native; /* NULL: libjq maps all rows */
	struct native
		*gate; /* if native is NULL: the condition alone, or NULL */
	unsigned libjq_rows; /* rows still to pass to libjq after an odd row */
	struct event_wrap_event event; /* added to each event */
	struct event_wrap wrap;        /* for an event that libjq made */
	struct workers *workers;       /* created at the first row */
	struct buf row;
	struct input again;     /* a row parsed again after jq ran over it */
	struct slice *extra;    /* owned: computed values */
	struct buf values_text; /* memory of extra, if from libjq */
	struct scan *values_scan;
};

/* A delete that removal.c made, and its line. */
struct maker_removal {
	struct input in;
	struct buf line;
};

/* One mapping of the run, and what is needed to apply it. */
struct maker {
	struct map *run;
	struct mapping m;
	bool makes[MAPPING_ACTIONS]; /* event_made */
	struct buf sources;          /* context.sources as JSON */
	uint64_t fingerprint;        /* fingerprint of m */
	struct maker_forms forms;
	struct maker_programs programs;
	struct maker_removal removal;
	struct buf
		made; /* buffer of result_room if there are several mappings */
};

struct makers {
	struct maker *v; /* owned */
	size_t n;        /* at least 1 */
};

/* Options and environment of the run, fixed before the first line. */
struct map_asked {
	const struct map_options *o;
	struct num_share max_rejects;
	struct buf run_id; /* from the environment */
	bool no_colour;
};

/* What the begin line states about the state. */
struct map_base {
	struct deletes deletes;
	bool changed;      /* the mapping differs from that of the state */
	struct buf change; /* description of the difference */
	struct err lacks;  /* error of deletes_begin, or ERR_NONE */
};

/* The input of the run. */
struct map_arrived {
	struct input in;
	int fd;
	struct buf end;       /* body of the end line */
	uint64_t end_blocked; /* deletes that an earlier stage blocked */
};

/* The output of the run: lines, and their counts. */
struct map_leaving {
	struct writer *out;
	bool begun;      /* our begin line is written */
	struct buf held; /* the begin line, while deletes may be rejected */
	struct hash_long *seal; /* hash of the output, with --seal */
	struct removal_guard removals;
	uint64_t events, rejects, skips; /* counts of this tool */
	uint64_t undeleted;     /* skips of deletes that cannot be made */
	struct reasons reasons; /* reasons of our rejects */
	uint64_t shown;         /* rows shown in a preview */
};

struct map {
	struct map_asked asked;
	struct map_base base;
	struct map_arrived arrived;
	struct map_leaving leaving;
	struct makers makers;
	struct multi *multi; /* NULL: there is only one mapping */
};

#endif
