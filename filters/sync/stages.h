/* stages.h - the commands of a sync: what rudder runs, and what it prints.
 *
 * Floor 2 (sync). One list of stages is made of a sync file. rudder run starts
 * them as processes, --print writes them for sh(1), so the two cannot differ.
 *
 *     one destination    query | diff | map | send | commit
 *     several            query | tee 'diff | map | send | commit' '...'
 *
 * Where a cursor or delta is used each destination has a pipeline of its own,
 * since each state has its own cursor or base. With partitions each part has a
 * pipeline.
 */
#ifndef SYNC_STAGES_H
#define SYNC_STAGES_H

#include "core/buf.h"
#include "sync/sync_file.h"

/* A variable that a command gets from a different variable: a secret. */
struct stage_env {
	const char *name; /* RUDDER_SOURCE */
	const char *from; /* WAREHOUSE */
};

struct stage {
	enum sync_stage kind; /* SYNC_STAGES: tee */
	struct sync_texts argv;
	struct stage_env env; /* all NULL: none */
};

struct stages {
	struct stage *v; /* owned */
	size_t n;
};

/* The mapping of a destination, and that of its state. */
enum mapping_state {
	MAPPING_SAME,
	MAPPING_DUE,     /* the same, and not all rows were sent with it yet */
	MAPPING_CHANGED, /* a different mapping: all rows are sent again */
	MAPPING_NEW,     /* there is no state yet */
};

/* What is asked of a run beside its file. */
struct stages_options {
	bool full;     /* read and send every row */
	bool all_rows; /* read every row, whatever the cursor */
	bool dry_run;  /* write no state, send nothing */
	bool hold;     /* the changes are a plan */
	/* to rudder-diff as they are; NULL: not given */
	const char *allow_deletes, *allow_resend, *lock_wait;
	bool accept_connection;
	const enum mapping_state *mapping; /* by destination; NULL: all are
					    * MAPPING_SAME */
};

/* Adds the stages from the changes of a state to its commit. */
void stages_of_destination(struct stages *s, const struct sync_file *f,
			   size_t destination, const struct stages_options *o);

/* The whole of one pipeline, for n destinations of one part from first. */
void stages_of_pipeline(struct stages *s, const struct sync_file *f,
			size_t first, size_t n, const struct stages_options *o);

/* The same in parts, for a plan: rows to changes, changes to events, events to
 * receipts and those into the state. dest NULL: that of the file.
 */
void stages_of_changes(struct stages *s, const struct sync_file *f,
		       size_t destination, const struct stages_options *o);
void stages_of_events(struct stages *s, const struct sync_file *f,
		      size_t destination);
void stages_of_delivery(struct stages *s, const struct sync_file *f,
			size_t destination, const char *dest);

/* The query of a sync without the cursor or base of a state, for a look at its
 * rows.
 */
void stages_of_rows(struct stages *s, const struct sync_file *f);

/* The same with the cursor or base of a destination's state, as a run reads
 * them.
 */
void stages_of_cursor(struct stages *s, const struct sync_file *f,
		      size_t destination);

/* rudder-diff of a destination, which may be a copy, as a dry run. */
void stages_diff(struct stages *s, const struct sync_file *f,
		 const struct sync_destination *d);

/* The same of rudder-diff --commit, and rudder-map with all its options. */
void stages_commit(struct stages *s, const struct sync_file *f,
		   const struct sync_destination *d);
void stages_map(struct stages *s, const struct sync_file *f,
		size_t destination);

/* The last stage, a query, reads the part of a destination, if it has one. */
void stages_partition(struct stages *s, const struct sync_file *f,
		      size_t destination);

/* rudder-send of a destination. */
void stages_of_send(struct stages *s, const struct sync_file *f,
		    size_t destination);

/* Moves the stages of from, but for the first skip of them, behind those of s.
 */
void stages_move(struct stages *s, struct stages *from, size_t skip);

/* Words behind those of the last stage, ended by NULL. */
void stages_add(struct stages *s, const char *const *words);

/* A command of rudder's with these words, ended by NULL, as another stage. */
void stages_command(struct stages *s, enum sync_stage kind,
		    const char *const *words);

/* Whether each destination has a pipeline of its own. */
bool stages_apart(const struct sync_file *f);

/* rudder-map with the mapping of a destination, and no more options. */
void stages_mapping(struct stages *s, const struct sync_file *f,
		    size_t destination);

/* As text for sh(1) at the end of b, without an end of line. */
void stages_text(struct buf *b, const struct stages *s);

/* All-zero is allowed. */
void stages_clear(struct stages *s);

#endif
