#include "core/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH 0
#endif

#define FILTERED (ARCH != 0 && CONFINED && !SANITIZED)

#define ALLOW(name)                                                            \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1),                 \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define LOAD(member)                                                           \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                                     \
		 offsetof(struct seccomp_data, member))

/* The kernel's copy of the environment would stay readable, so it is
 * overwritten.
 */
static void forget_environment(void)
{
	static char *nothing[] = {NULL};

	for (char **at = environ; at && *at; at++)
		explicit_bzero(*at, strlen(*at));
	environ = nothing;
}

/* A soft limit below the hard one lets its signal show what happened. */
static void limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	const struct rlimit r = {.rlim_cur = soft, .rlim_max = hard};

	(void)setrlimit(what, &r);
}

bool sandbox_filter(void)
{
	/* for abort(3), which signals this process, when memory runs out */
	const uint32_t self = (uint32_t)getpid();
	struct sock_filter filter[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		ALLOW(read),
		ALLOW(write),
		ALLOW(brk),
		ALLOW(mmap),
		ALLOW(munmap),
		ALLOW(mremap),
		ALLOW(mprotect),
		ALLOW(madvise),
		ALLOW(futex),
		ALLOW(setitimer), /* of its own CPU time */
		ALLOW(clock_gettime),
		ALLOW(gettimeofday),
		ALLOW(getrandom),
		ALLOW(rt_sigreturn),
		ALLOW(rt_sigprocmask),
		ALLOW(rt_sigaction),
		ALLOW(getpid),
		ALLOW(gettid),
		ALLOW(exit),
		ALLOW(exit_group),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 3),
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, self, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	const struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};

	return FILTERED && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

void sandbox_close(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
		if (null < 0 || dup2(null, i) < 0)
			close(i);
	}
	(void)close_range(STDERR_FILENO + 1, (unsigned)fd - 1, 0);
	(void)close_range((unsigned)fd + 1, ~0u, 0);
}

void sandbox_enter(const struct sandbox *s)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGINT, SIG_IGN);
	forget_environment();
	sandbox_close(s->fd);
	limit(RLIMIT_CORE, 0, 0);
	if (CONFINED) {
		limit(RLIMIT_FSIZE, 0, 0);
		limit(RLIMIT_NOFILE, 0, 0);
	}
	limit(RLIMIT_NPROC, 0, 0);
	if (s->cpu_s > 0)
		limit(RLIMIT_CPU, s->cpu_s, s->cpu_s + 1);
	if (s->memory > 0 && !SANITIZED)
		limit(RLIMIT_DATA, s->memory, s->memory);
	(void)sandbox_filter();
}
