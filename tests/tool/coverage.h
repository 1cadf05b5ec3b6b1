/* coverage.h - force-included in the build of make coverage: a process that
 * becomes a program, ends by _exit(2) or its own signal, or is killed once it
 * has nothing left to do, writes what it has reached as one that returns from
 * main does.
 */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

void __gcov_dump(void);
void __gcov_reset(void);

/* A signal that comes now would write again, and wait for itself. */
static inline NO_RETURN void coverage_exit(int status)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	__gcov_dump();
	_exit(status);
}

/* The signal that ends the process: one number for all files. */
__attribute__((weak)) volatile int coverage_signal;

static inline void coverage_late(int alarm)
{
	sigset_t one;

	(void)alarm;
	sigemptyset(&one);
	sigaddset(&one, coverage_signal);
	(void)signal(coverage_signal, SIG_DFL);
	(void)kill(getpid(), coverage_signal);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
}

/* Where the signal came while the process was writing, nothing more is. */
static inline int coverage_raise(int sig)
{
	coverage_signal = sig;
	(void)signal(SIGALRM, coverage_late);
	(void)alarm(2);
	__gcov_dump();
	__gcov_reset();
	(void)alarm(0);
	return raise(sig);
}

/* SIGKILL comes later to a child that is about to end. */
static inline int coverage_kill(pid_t pid, int sig)
{
	for (int i = 0; sig == SIGKILL && i < 200; i++) {
		siginfo_t info = {0};

		if (waitid(P_PID, (id_t)pid, &info,
			   WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    info.si_pid)
			break;
		(void)poll(NULL, 0, 1);
	}
	return kill(pid, sig);
}

#define _exit(status)   coverage_exit(status)
#define coverage_done   (__gcov_dump(), __gcov_reset())
#define raise(sig)      coverage_raise(sig)
#define execv(f, argv)  (coverage_done, execv(f, argv))
#define execvp(f, argv) (coverage_done, execvp(f, argv))
#define execl(...)      (coverage_done, execl(__VA_ARGS__))
#define execle(...)     (coverage_done, execle(__VA_ARGS__))
#define kill(pid, sig)  coverage_kill(pid, sig)

#endif
