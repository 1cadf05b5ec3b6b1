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

static inline NO_RETURN void coverage_exit(int status)
{
	__gcov_dump();
	_exit(status);
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
#define raise(sig)      (coverage_done, raise(sig))
#define execv(f, argv)  (coverage_done, execv(f, argv))
#define execvp(f, argv) (coverage_done, execvp(f, argv))
#define execl(...)      (coverage_done, execl(__VA_ARGS__))
#define execle(...)     (coverage_done, execle(__VA_ARGS__))
#define kill(pid, sig)  coverage_kill(pid, sig)

#endif
