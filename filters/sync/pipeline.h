/* pipeline.h - the stages of a sync as processes with pipes between them.
 *
 * Floor 2 (sync). This process is not in the way of the stream: when it is
 * killed, the stages go on and end as those of a shell's pipeline do.
 */
#ifndef SYNC_PIPELINE_H
#define SYNC_PIPELINE_H

#include <signal.h>
#include <sys/types.h>

#include "core/err.h"
#include "sync/stages.h"

struct pipeline_stage {
	enum sync_stage kind;
	pid_t pid;
	int status; /* as of waitpid(2), once ended */
	bool ended;
};

struct pipeline {
	struct pipeline_stage *stage; /* owned */
	size_t n;
	size_t left; /* not ended */
};

/* How processes start. */
struct pipeline_options {
	const char *folder;           /* their working directory */
	const struct sync_file *file; /* whose keys messages name; or NULL */
	const char *state;    /* whose messages they are; NULL: of several */
	const sigset_t *mask; /* blocked signals; NULL: as they are here */
	int in;      /* standard input of the first; 0: ours, -1: none */
	bool quiet;  /* standard error is /dev/null */
	bool both;   /* standard error goes where the output of the last does */
	int out;     /* standard output of the last; 0: ours */
	bool newest; /* what is captured is the end, where it is too much */
};

/* Whether the variables that stages get are set: ERR_CONFIG. */
int pipeline_check(const struct stages *s, struct err *e) MUST_USE;

/* Starts all stages. On failure those that were started see the end of their
 * input, and are still to be waited for. ERR_CONFIG where a variable that a
 * stage needs is not set: nothing is started. ERR_OS.
 */
int pipeline_start(struct pipeline *p, const struct stages *s,
		   const struct pipeline_options *o, struct err *e) MUST_USE;

/* A process that was started elsewhere, as the only one of the pipeline. */
void pipeline_adopt(struct pipeline *p, pid_t pid);

/* Whether such a stage has been started. */
bool pipeline_has(const struct pipeline *p, enum sync_stage kind);

/* A process has ended: whether it was one of these. Says so where a signal
 * killed it that nobody sends to end a run.
 */
bool pipeline_ended(struct pipeline *p, pid_t pid, int status);

/* Asks it to end: the source and the sender first, so that what left gets its
 * receipts and they are committed; again: all but the commit.
 */
void pipeline_stop(struct pipeline *p, bool again);

/* The exit status of all, once all have ended: that of the last stage, which
 * speaks for the ones before it; where that is 0 or was killed, the worst of
 * all, of which a commit knows whatever is below 64. A process that was killed,
 * or has a status of no tool, counts as 65.
 */
int pipeline_status(const struct pipeline *p);

/* All-zero is allowed. */
void pipeline_clear(struct pipeline *p);

/* Blocks the signals that ask a command to end, and SIGCHLD, for
 * sigwaitinfo(2): those blocked go to set, what was blocked before to was. A
 * signal that whoever started us wants to be ignored stays so: in nohup, in a
 * shell's background.
 */
void pipeline_signals(sigset_t *set, sigset_t *was);

/* Starts the stages and waits until all have ended; a signal of set (of
 * pipeline_signals) stops them. Their status, or -1 with the error of
 * pipeline_start.
 */
int pipeline_run(const struct stages *s, const struct pipeline_options *o,
		 const sigset_t *set, struct err *e) MUST_USE;

/* Runs one command to its end, with its output at the end of b; at most max
 * bytes are kept, the first or with o->newest the last; o->in 0: no input. Its
 * exit status, 65 where it was killed; -1 ERR_OS. Errors that it prints go to
 * ours.
 */
int pipeline_capture(struct buf *b, const struct stages *s,
		     const struct pipeline_options *o, size_t max,
		     struct err *e) MUST_USE;

#endif
