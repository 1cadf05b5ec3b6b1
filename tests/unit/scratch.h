/* scratch.h - what several unit tests need: a folder, captured output */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether valgrind runs the test, which then exits with 77 if it is of confined
 * processes: valgrind needs what they have given up.
 */
static inline bool scratch_by_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload && strstr(preload, "vgpreload");
}

/* A name for mkdtemp, where tests/run.sh removes what a failed test leaves. */
static inline void scratch_name(char name[PATH_MAX])
{
	const char *dir = getenv("SCRATCH");

	snprintf(name, PATH_MAX, "%s/rudder-unit-XXXXXX", dir ? dir : "/tmp");
}

/* A new folder that becomes the working directory; scratch_leave removes it.
 */
static inline void scratch_enter(void)
{
	char name[PATH_MAX];

	scratch_name(name);
	assert_non_null(mkdtemp(name));
	assert_int_equal(chdir(name), 0);
}

static inline void scratch_leave(void)
{
	char name[PATH_MAX];
	int status;
	pid_t pid;

	assert_non_null(getcwd(name, sizeof(name)));
	assert_non_null(strstr(name, "/rudder-unit-"));
	assert_int_equal(chdir("/"), 0);
	pid = fork();
	if (pid == 0)
		_exit(execl("/bin/rm", "rm", "-rf", name, (char *)NULL));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* What is written to a descriptor between scratch_grab and scratch_got. */
struct scratch_grab {
	int fd, was, file;
	char text[8192];
};

static inline void scratch_grab(struct scratch_grab *g, int fd)
{
	char name[PATH_MAX];

	scratch_name(name);
	fflush(NULL);
	g->fd = fd;
	g->was = dup(fd);
	g->file = mkstemp(name);
	assert_true(g->was >= 0 && g->file >= 0);
	unlink(name);
	dup2(g->file, fd);
}

static inline const char *scratch_got(struct scratch_grab *g)
{
	ssize_t n;

	fflush(NULL);
	dup2(g->was, g->fd);
	n = pread(g->file, g->text, sizeof(g->text) - 1, 0);
	assert_true(n >= 0);
	g->text[n] = '\0';
	close(g->was);
	close(g->file);
	return g->text;
}

/* A file with this text, mode 0600. */
static inline void scratch_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* The text of a file, which lives until the next call; "-" if there is none. */
static inline const char *scratch_text(const char *path)
{
	static char text[8192];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return "-";
	n = read(fd, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return text;
}

#endif
