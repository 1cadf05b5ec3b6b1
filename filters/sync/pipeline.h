/* pipeline.h - runs the stages of a sync as processes connected by pipes.
 *
 * Floor 2 (sync). The stream does not pass through this process: if it is
 * killed, the stages continue and end like those of a shell's pipeline.
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
	int status; /* as of waitpid(2), after it has ended */
	bool ended;
};

struct pipeline {
	struct pipeline_stage *stage; /* owned */
	size_t n;
	size_t left; /* number of stages that have not ended */
};

/* How to start the processes. */
struct pipeline_options {
	const char *folder;           /* their working directory */
	const struct sync_file *file; /* messages name keys of this file; or
				       * NULL */
	const char *state;    /* state that messages name; NULL: several */
	const sigset_t *mask; /* blocked signals; NULL: as in this process */
	int in;      /* standard input of the first stage; 0: ours, -1: empty */
	bool quiet;  /* standard error is /dev/null */
	bool both;   /* standard error goes to the output of the last stage */
	int out;     /* standard output of the last stage; 0: ours */
	bool newest; /* pipeline_capture keeps the last bytes */
};

/* Checks that the variables that the stages need are set: ERR_CONFIG. */
int pipeline_check(const struct stages *s, struct err *e) MUST_USE;

/* Starts all stages. After a failure, stages that were started see the end of
 * their input, and must still be waited for. ERR_CONFIG if a variable that a
 * stage needs is not set; then nothing is started. ERR_OS.
 */
int pipeline_start(struct pipeline *p, const struct stages *s,
		   const struct pipeline_options *o, struct err *e) MUST_USE;

/* Makes a pipeline of one process that is already running. */
void pipeline_adopt(struct pipeline *p, pid_t pid);

/* Whether a stage of this kind has been started. */
bool pipeline_has(const struct pipeline *p, enum sync_stage kind);

/* Records that a process has ended. Returns whether it belongs to the pipeline.
 * Reports a process that was killed, except by a signal that is used to end a
 * run.
 */
bool pipeline_ended(struct pipeline *p, pid_t pid, int status);

/* Asks the pipeline to end, with SIGTERM to the source and the sender, so that
 * events already sent get their receipts, and these are committed. again: to
 * all stages except the commit.
 */
void pipeline_stop(struct pipeline *p, bool again);

/* The exit status of the pipeline after all stages have ended: that of the last
 * stage if it failed, because it reports errors of the earlier ones. If it
 * succeeded or was killed, the worst status of all, without those below 64 if
 * the last stage is a commit, which has counted them. A process that was
 * killed, or whose status is not one of rudder's, counts as 65.
 */
int pipeline_status(const struct pipeline *p);

/* All-zero is allowed. */
void pipeline_clear(struct pipeline *p);

/* Blocks SIGCHLD and the signals that ask a command to end, for sigwaitinfo(2):
 * set gets these signals, was the previous mask. Signals that are ignored stay
 * ignored, as with nohup or in the background of a shell.
 */
void pipeline_signals(sigset_t *set, sigset_t *was);

/* Starts the stages and waits until all have ended; a signal in set (of
 * pipeline_signals) stops them. Returns their status, or -1 with the error of
 * pipeline_start.
 */
int pipeline_run(const struct stages *s, const struct pipeline_options *o,
		 const sigset_t *set, struct err *e) MUST_USE;

/* Runs the stages to their end, and appends their output to b: the first max
 * bytes, or with o->newest the last max. o->in 0: no input. Returns the exit
 * status as pipeline_status, or -1 with ERR_OS. Error messages of the stages go
 * to our standard error.
 */
int pipeline_capture(struct buf *b, const struct stages *s,
		     const struct pipeline_options *o, size_t max,
		     struct err *e) MUST_USE;

#endif
