/* test_file.c - unit tests of core/file.h */
#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "core/writer.h"
#include "scratch.h"

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void replaces_a_file_whole(void **state)
{
	struct file_new f;
	struct err e = {0};

	(void)state;
	scratch_enter();
	scratch_file("f", "old");
	assert_int_equal(file_begin(&f, "f", &e), 0);
	assert_int_equal(writer_all(f.fd, "new!", 4, &e), 0);
	assert_string_equal(scratch_text("f"), "old");
	assert_int_equal(file_commit(&f, &e), 0);
	assert_string_equal(scratch_text("f"), "new!");
	assert_string_equal(scratch_text("f.tmp"), "-");
	assert_int_equal(mode_of("f"), 0600);
	file_abandon(&f);
	assert_string_equal(scratch_text("f"), "new!");
	scratch_leave();
}

static void makes_a_file_that_was_not_there(void **state)
{
	struct file_new f;
	struct err e = {0};
	mode_t mask = umask(0);

	(void)state;
	scratch_enter();
	assert_int_equal(file_begin(&f, "./f", &e), 0);
	assert_int_equal(file_commit(&f, &e), 0);
	assert_string_equal(scratch_text("f"), "");
	assert_int_equal(mode_of("f"), 0600);
	umask(mask);
	scratch_leave();
}

static void leaves_the_old_file_when_abandoned(void **state)
{
	struct file_new f, none = {0};
	struct err e = {0};

	(void)state;
	scratch_enter();
	scratch_file("f", "old");
	assert_int_equal(file_begin(&f, "f", &e), 0);
	assert_int_equal(writer_all(f.fd, "new", 3, &e), 0);
	file_abandon(&f);
	assert_string_equal(scratch_text("f"), "old");
	assert_string_equal(scratch_text("f.tmp"), "-");
	file_abandon(&f);
	file_abandon(&none);
	scratch_leave();
}

static void overwrites_what_a_killed_process_left(void **state)
{
	struct file_new f;
	struct err e = {0};

	(void)state;
	scratch_enter();
	scratch_file("f.tmp", "much longer than what comes now");
	chmod("f.tmp", 0644);
	assert_int_equal(file_begin(&f, "f", &e), 0);
	assert_int_equal(writer_all(f.fd, "new", 3, &e), 0);
	assert_int_equal(file_commit(&f, &e), 0);
	assert_string_equal(scratch_text("f"), "new");
	assert_int_equal(mode_of("f"), 0600);
	scratch_leave();
}

static void replaces_what_a_link_names(void **state)
{
	struct file_new f;
	struct stat st;
	struct err e = {0};

	(void)state;
	scratch_enter();
	assert_int_equal(mkdir("d", 0700), 0);
	scratch_file("d/f", "old");
	assert_int_equal(symlink("d/f", "link"), 0);
	assert_int_equal(file_begin(&f, "link", &e), 0);
	assert_int_equal(writer_all(f.fd, "new", 3, &e), 0);
	assert_int_equal(file_commit(&f, &e), 0);
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_string_equal(scratch_text("d/f"), "new");
	scratch_leave();
}

static void replaces_files_only(void **state)
{
	struct file_new f;
	struct err e = {0};
	struct stat st;

	(void)state;
	scratch_enter();
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(file_begin(&f, "d", &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_string_equal(e.text, "'d' is not a regular file");
	assert_int_equal(file_begin(&f, "/dev/null", &e), -1);
	assert_int_equal(mkfifo("p", 0600), 0);
	assert_int_equal(file_begin(&f, "p", &e), -1);
	assert_int_equal(symlink("/dev/null", "link"), 0);
	assert_int_equal(file_begin(&f, "link", &e), -1);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(symlink("nowhere", "lost"), 0);
	assert_int_equal(file_begin(&f, "lost", &e), -1);
	assert_int_equal(file_begin(&f, "/dev/stderr", &e), -1);
	assert_int_equal(file_begin(&f, "/dev/fd/2", &e), -1);
	assert_int_equal(symlink("elsewhere", "f.tmp"), 0);
	assert_int_equal(file_begin(&f, "f", &e), -1);
	assert_string_equal(scratch_text("elsewhere"), "-");
	scratch_leave();
}

static void gives_each_writer_a_file_of_its_own(void **state)
{
	struct file_new a, b;
	struct err e = {0};

	(void)state;
	scratch_enter();
	assert_int_equal(file_begin(&a, "f", &e), 0);
	assert_int_equal(writer_all(a.fd, "one", 3, &e), 0);
	assert_int_equal(file_begin(&b, "f", &e), 0);
	assert_int_equal(writer_all(b.fd, "two", 3, &e), 0);
	assert_string_not_equal(a.temp, b.temp);
	assert_int_equal(file_commit(&a, &e), 0);
	assert_string_equal(scratch_text("f"), "one");
	assert_int_equal(file_commit(&b, &e), 0);
	assert_string_equal(scratch_text("f"), "two");
	assert_string_equal(scratch_text("f.tmp"), "-");
	assert_string_equal(scratch_text("f.2.tmp"), "-");
	scratch_leave();
}

static void waits_for_no_fifo_of_others(void **state)
{
	struct file_new f;
	struct err e = {0};

	(void)state;
	scratch_enter();
	assert_int_equal(mkfifo("f.tmp", 0600), 0);
	assert_int_equal(file_begin(&f, "f", &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_string_equal(e.text, "cannot create 'f.tmp': File exists");
	assert_int_equal(file_open_own("f.tmp", O_RDONLY, ERR_IO, &e), -1);
	assert_string_equal(e.text, "'f.tmp' is not a regular file");
	assert_int_equal(file_open_own("f.tmp", O_WRONLY, ERR_IO, &e), -1);
	assert_string_equal(e.text, "'f.tmp' is not a regular file");
	scratch_file("g", "text");
	assert_int_equal(symlink("g", "link"), 0);
	assert_int_equal(file_open_own("link", O_RDONLY, ERR_IO, &e), -1);
	assert_string_equal(e.text, "'link' is not a regular file");
	scratch_leave();
}

static void reads_secrets_that_are_private(void **state)
{
	char text[32];
	struct buf b = {0};
	struct err e = {0};
	pid_t pid;
	int fd;

	(void)state;
	scratch_enter();
	scratch_file("key", "secret");
	assert_int_equal(chmod("key", 0640), 0);
	assert_int_equal(file_secret("key", 99, &b, &e), -1);
	assert_int_equal(e.kind, ERR_DENIED);
	assert_int_equal(chmod("key", 0600), 0);
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(symlink("../key", "d/link"), 0);
	assert_int_equal(file_secret("d/link", 99, &b, &e), 0);
	assert_string_equal(buf_cstr(&b), "secret");
	b.n = 0;
	assert_int_equal(symlink("key", "beside"), 0);
	assert_int_equal(file_secret("beside", 99, &b, &e), 0);
	assert_string_equal(buf_cstr(&b), "secret");
	b.n = 0;
	assert_int_equal(symlink("nowhere", "lost"), 0);
	assert_int_equal(file_secret("lost", 99, &b, &e), -1);
	assert_string_equal(e.text,
			    "cannot open 'lost': No such file or directory");
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_int_equal(file_secret("loop", 99, &b, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	pid = fork();
	if (pid == 0) { /* comes when it is waited for */
		usleep(50 * 1000);
		fd = open("pipe", O_WRONLY);
		_exit(write(fd, "piped", 5) == 5 ? 0 : 1);
	}
	assert_int_equal(file_secret("pipe", 99, &b, &e), 0);
	assert_string_equal(buf_cstr(&b), "piped");
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	b.n = 0;
	fd = open("key", O_RDONLY);
	snprintf(text, sizeof(text), "/dev/fd/%d", fd);
	assert_int_equal(file_secret(text, 99, &b, &e), 0);
	assert_string_equal(buf_cstr(&b), "secret");
	close(fd);
	b.n = 0;
	assert_int_equal(file_secret(text, 99, &b, &e), -1);
	buf_clear(&b);
	scratch_leave();
}

static void refuses_what_others_own(void **state)
{
	struct buf b = {0};
	struct err e = {0};
	int status = 0;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	scratch_enter();
	scratch_file("key", "secret");
	assert_int_equal(chmod("key", 0600), 0);
	assert_int_equal(chown("key", 65533, 65533), 0);
	assert_int_equal(chmod(".", 0777), 0);
	pid = fork();
	if (pid == 0) { /* as somebody who can open it all the same */
		int fd = open("key", O_RDONLY);
		char path[32];

		snprintf(path, sizeof(path), "/dev/fd/%d", fd);
		if (setresuid(65534, 65534, 65534) < 0)
			_exit(9);
		_exit(file_secret(path, 99, &b, &e) == -1 &&
				      e.kind == ERR_DENIED
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	scratch_leave();
}

static void says_whose_file_it_cannot_open(void **state)
{
	struct err e = {0};
	int status = 0;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	scratch_enter();
	scratch_file("snapshot", "x");
	assert_int_equal(chmod("snapshot", 0600), 0);
	assert_int_equal(chmod(".", 0777), 0);
	pid = fork();
	if (pid == 0) {
		if (setresuid(65534, 65534, 65534) < 0)
			_exit(9);
		if (file_open_own("snapshot", O_RDONLY, ERR_IO, &e) != -1 ||
		    errno != EACCES || e.kind != ERR_DENIED)
			_exit(1);
		_exit(strcmp(e.text,
			     "cannot open 'snapshot': Permission denied; it "
			     "belongs to user 0 and this is user 65534: chown "
			     "it, with all that is beside it") == 0
			      ? 0
			      : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	scratch_leave();
}

static void keeps_names_below_a_folder(void **state)
{
	struct err e = {0};
	char *real;

	(void)state;
	scratch_enter();
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(mkdir("d/in", 0700), 0);
	assert_int_equal(mkdir("dd", 0700), 0);
	scratch_file("d/f", "x");
	scratch_file("dd/f", "x");
	real = file_below("d", "d/in/../f", &e);
	assert_non_null(real);
	free(real);
	assert_int_equal(symlink("../f", "d/in/link"), 0);
	real = file_below("d", "d/in/link", &e);
	assert_non_null(real);
	free(real);
	assert_null(file_below("d", "d/../dd/f", &e));
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_int_equal(symlink("../../dd/f", "d/in/out"), 0);
	assert_null(file_below("d", "d/in/out", &e));
	assert_int_equal(mkfifo("d/p", 0600), 0);
	assert_null(file_below("d", "d/p", &e));
	assert_string_equal(e.text, "'d/p' is not a regular file");
	assert_null(file_below("none", "d/f", &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_null(file_below("d", "d/none", &e));
	assert_string_equal(e.text,
			    "cannot open 'd/none': No such file or directory");
	assert_null(file_below("d", "d", &e)); /* itself is no file in it */
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_null(file_below("d", "d/in", &e));
	assert_string_equal(e.text, "'d/in' is not a regular file");
	real = file_below("/", "d/f", &e);
	assert_non_null(real);
	free(real);
	scratch_leave();
}

static void knows_the_descriptors_that_have_names(void **state)
{
	(void)state;
	assert_int_equal(file_descriptor("/dev/stdin"), 0);
	assert_int_equal(file_descriptor("/dev/stderr"), 2);
	assert_int_equal(file_descriptor("/dev/fd/17"), 17);
	assert_int_equal(file_descriptor("/dev/fd/2147483647"), INT_MAX);
	assert_int_equal(file_descriptor("/dev/fd/2147483648"), -1);
	assert_int_equal(file_descriptor("/dev/fd/"), -1);
	assert_int_equal(file_descriptor("/dev/fd/1x"), -1);
	assert_int_equal(file_descriptor("/dev/fd"), -1);
	assert_int_equal(file_descriptor("stdin"), -1);
}

static void says_what_it_cannot_create(void **state)
{
	struct file_new f;
	struct err e = {0};

	(void)state;
	assert_int_equal(file_begin(&f, "/nowhere/f", &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_string_equal(e.text, "cannot create '/nowhere/f.tmp': "
				    "No such file or directory");
}

static void names_a_file_that_cannot_be_written(void **state)
{
	struct err e = {0};
	char dir[200], want[300];
	int fd, full;

	(void)state;
	scratch_enter();
	fd = open("named", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_non_null(getcwd(dir, sizeof(dir)));
	errno = ENOSPC;
	assert_int_equal(file_failed(fd, ERR_IO, "cannot write", &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	snprintf(want, sizeof(want),
		 "cannot write '%s/named': No space left on device", dir);
	assert_string_equal(e.text, want);
	unlink("named"); /* then the folder is named */
	errno = ENOSPC;
	assert_int_equal(file_failed(fd, ERR_IO, "cannot write", &e), -1);
	snprintf(want, sizeof(want),
		 "cannot write in '%s': No space left on device", dir);
	assert_string_equal(e.text, want);
	close(fd);
	full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_int_equal(file_write_once(full, slice_str("x"), &e), -1);
	assert_string_equal(e.text, "cannot write: No space left on device");
	close(full);
	scratch_leave();
}

static void cleans_up_when_the_commit_fails(void **state)
{
	struct file_new f;
	struct err e = {0};

	(void)state;
	scratch_enter();
	assert_int_equal(file_begin(&f, "f", &e), 0);
	assert_int_equal(mkdir("f", 0700), 0); /* so that rename fails */
	assert_int_equal(file_commit(&f, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(scratch_text("f.tmp"), "-");
	scratch_leave();
}

static void renames_durably(void **state)
{
	struct err e = {0};

	(void)state;
	scratch_enter();
	scratch_file("a", "x");
	assert_int_equal(file_rename("a", "b", &e), 0);
	assert_string_equal(scratch_text("b"), "x");
	assert_int_equal(file_rename("a", "b", &e), -1);
	assert_string_equal(e.text,
			    "cannot rename 'a': No such file or directory");
	assert_int_equal(file_sync_dir(".", &e), 0);
	assert_int_equal(file_sync_dir("b", &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	scratch_leave();
}

static void reads_whole_files_up_to_a_limit(void **state)
{
	struct buf b = {0};
	struct err e = {0};

	(void)state;
	scratch_enter();
	scratch_file("f", "abcdef");
	assert_int_equal(file_read("f", 6, &b, &e), 0);
	assert_string_equal(buf_cstr(&b), "abcdef");
	b.n = 0;
	assert_int_equal(file_read("f", 5, &b, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text, "'f' is longer than 5 bytes");
	b.n = 0;
	assert_int_equal(file_read("/dev/zero", 1000, &b, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_int_equal(file_read("none", 5, &b, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_string_equal(e.text,
			    "cannot open 'none': No such file or directory");
	assert_int_equal(file_read(".", 5, &b, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	buf_clear(&b);
	scratch_leave();
}

static void refuses_a_secret_that_others_may_read(void **state)
{
	static const struct {
		mode_t mode;
		bool good;
	} cases[] = {{0600, true},  {0400, true},  {0700, true},
		     {0640, false}, {0604, false}, {0620, false}};
	struct err e = {0};

	(void)state;
	scratch_enter();
	scratch_file("key", "x");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		chmod("key", cases[i].mode);
		assert_int_equal(file_private("key", &e),
				 cases[i].good ? 0 : -1);
	}
	assert_int_equal(e.kind, ERR_DENIED);
	assert_string_equal(e.text, "'key' holds a secret but other users can "
				    "read it; run: chmod 600 'key'");
	assert_int_equal(file_private("none", &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	scratch_leave();
}

static void writes_at_once_or_not_at_all(void **state)
{
	struct err e;
	int pair[2];
	char *big = calloc(1, 1 << 20);

	(void)state;
	assert_int_equal(pipe(pair), 0);
	assert_int_equal(fcntl(pair[1], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(file_write_once(pair[1], slice_of("ab", 2), &e), 0);
	assert_int_equal(file_write_once(pair[1], slice_of(big, 1 << 20), &e),
			 -1); /* a part of it */
	assert_int_equal(e.kind, ERR_IO);
	free(big);
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces_a_file_whole),
		cmocka_unit_test(makes_a_file_that_was_not_there),
		cmocka_unit_test(leaves_the_old_file_when_abandoned),
		cmocka_unit_test(overwrites_what_a_killed_process_left),
		cmocka_unit_test(replaces_what_a_link_names),
		cmocka_unit_test(replaces_files_only),
		cmocka_unit_test(gives_each_writer_a_file_of_its_own),
		cmocka_unit_test(waits_for_no_fifo_of_others),
		cmocka_unit_test(reads_secrets_that_are_private),
		cmocka_unit_test(refuses_what_others_own),
		cmocka_unit_test(says_whose_file_it_cannot_open),
		cmocka_unit_test(keeps_names_below_a_folder),
		cmocka_unit_test(knows_the_descriptors_that_have_names),
		cmocka_unit_test(says_what_it_cannot_create),
		cmocka_unit_test(names_a_file_that_cannot_be_written),
		cmocka_unit_test(cleans_up_when_the_commit_fails),
		cmocka_unit_test(renames_durably),
		cmocka_unit_test(reads_whole_files_up_to_a_limit),
		cmocka_unit_test(refuses_a_secret_that_others_may_read),
		cmocka_unit_test(writes_at_once_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
