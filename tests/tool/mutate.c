/* mutate - run a command again and again on damaged copies of valid files
 *
 *     mutate SECONDS SEED CASES FOUND
 *
 * Each folder in CASES is a case: the file run is a command, an argument a
 * line; all other files, also those in folders, are its input, the file in on
 * standard input. Each turn one case is copied to a new folder, one or two of
 * its files are damaged, and the command is run there. A sanitizer's report, a
 * death by a signal, status 70 (a bug that the program noticed itself), a jq
 * process that crashed, or no end within a minute is a finding: the folder is
 * kept in FOUND. Standard error should be read by people: one line at the end,
 * and one for each finding; status 1 where there was one.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"

enum {
	CASES = 100,
	FILES = 32,
	ARGS = 64,
	MOST = 4 * 1024 * 1024,
	LIMIT_MS = 60000,
	ENOUGH = 10, /* findings */
};

struct input {
	char *path; /* owned; below the case's folder */
	struct buf bytes;
};

struct one {
	char *name; /* owned */
	struct input file[FILES];
	size_t n;
	struct buf command;
	char *argv[ARGS + 1];
};

static struct one cases[CASES];
static size_t n_cases;
static const char *found_in;
static char *here; /* where a command runs */
static uint64_t chance_state;
static uintmax_t findings, runs, taken; /* with status 0 or 1 */

static size_t chance(size_t below)
{
	chance_state =
		chance_state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(chance_state >> 33) % below;
}

static NO_RETURN void stop(const char *what, const char *on)
{
	fprintf(stderr, "mutate: %s '%s'\n", what, on);
	exit(2);
}

/* ---- cases ------------------------------------------------------------ */

/* The lines of a text, each of which ends with NUL then. */
static void split(char *text, char **line)
{
	char *lf;

	for (size_t n = 0; n < ARGS && (lf = strchr(text, '\n')); n++) {
		*lf = '\0';
		line[n] = text;
		text = lf + 1;
	}
}

static void take_file(struct one *c, const char *path, const char *below)
{
	struct input *f = &c->file[c->n];
	struct err e = {0};

	if (c->n == FILES)
		stop("too many files in", c->name);
	if (file_read(path, MOST, &f->bytes, &e) < 0)
		stop(e.text, path);
	if (strcmp(below, "run") == 0) {
		buf_slice(&c->command, buf_all(&f->bytes));
		f->bytes.n = 0;
		split(buf_cstr(&c->command), c->argv);
		return;
	}
	f->path = mem_copy(below, strlen(below));
	c->n++;
}

/* What is in a folder of a case, which lies at below in it. */
static void take_folder(struct one *c, const char *folder, const char *below)
{
	DIR *dir = opendir(folder);
	struct dirent *d;

	if (!dir)
		stop("cannot open", folder);
	while ((d = readdir(dir))) {
		struct buf path = {0}, name = {0};
		struct stat st;

		if (d->d_name[0] == '.')
			continue;
		buf_fmt(&path, "%s/%s", folder, d->d_name);
		buf_fmt(&name, "%s%s%s", below, *below ? "/" : "", d->d_name);
		if (stat(buf_cstr(&path), &st) == 0 && S_ISDIR(st.st_mode))
			take_folder(c, buf_cstr(&path), buf_cstr(&name));
		else
			take_file(c, buf_cstr(&path), buf_cstr(&name));
		buf_clear(&path);
		buf_clear(&name);
	}
	closedir(dir);
}

static void take_cases(const char *folder)
{
	struct dirent **d;
	int n = scandir(folder, &d, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		struct one *c = &cases[n_cases];
		struct buf path = {0};

		if (d[i]->d_name[0] != '.' && n_cases < CASES) {
			c->name = mem_copy(d[i]->d_name, strlen(d[i]->d_name));
			buf_fmt(&path, "%s/%s", folder, c->name);
			take_folder(c, buf_cstr(&path), "");
			if (c->n == 0 || !c->argv[0])
				stop("no command or no input in", c->name);
			n_cases++;
		}
		buf_clear(&path);
		free(d[i]);
	}
	if (n <= 0 || n_cases == 0)
		stop("no cases in", folder);
	free(d);
}

/* ---- damage ----------------------------------------------------------- */

static const char *const words[] = {
	"null",
	"true",
	"{}",
	"[]",
	"\"\"",
	"0",
	"-1",
	"-0",
	"1e999",
	"1e-400",
	"2147483647",
	"4294967296",
	"9223372036854775807",
	"18446744073709551616",
	"0.1234567890123456789012345678901234567890",
	"\"\\u0000\"",
	"\"\\ud800\"",
	"\"\\ud83d\\ude00\"",
	"\"\xe2\x80\xae\"",
	"\"\xff\xfe\"",
	"\"_rudder\"",
	"{\"_rudder\":{}}",
	"{\"_rudder\":{\"type\":\"end\"}}\n",
	"\"delete\"",
	"\"insert\"",
	"\"update\"",
	"\n",
	"\r\n",
	",",
	":",
	"\"",
	"\\",
	"{",
	"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	"}",
	".[2147483647]",
	"range(9)",
	" | ",
	"?//",
	"*",
	"%",
	"\t",
	"\0",
	"99999999999999999999h",
	"- ",
	"&a ",
	"*a",
	"\"2024-02-30T25:61:61Z\"",
};

static void replace(struct buf *b, size_t at, size_t n, struct slice by)
{
	struct buf was = *b;

	*b = (struct buf){0};
	buf_add(b, was.p, at);
	buf_slice(b, by);
	buf_add(b, was.p + at + n, was.n - at - n);
	buf_clear(&was);
}

static struct slice any_word(void)
{
	return slice_str(words[chance(COUNT_OF(words))]);
}

/* What stands between a colon, comma or bracket and the next: a JSON value or
 * name, most often.
 */
static void replace_value(struct buf *b, struct slice by)
{
	size_t at = chance(b->n), n = 0;

	while (at < b->n && !memchr(":,[{ ", b->p[at], 5))
		at++;
	at += at < b->n;
	while (at + n < b->n && !memchr(",}]\n", b->p[at + n], 4))
		n++;
	replace(b, at, n, by);
}

/* A line that is left out, comes twice, or goes somewhere else. */
static void move_line(struct buf *b)
{
	size_t at = chance(b->n), end;
	struct buf line = {0};

	while (at > 0 && b->p[at - 1] != '\n')
		at--;
	for (end = at; end < b->n && b->p[end] != '\n';)
		end++;
	end += end < b->n;
	buf_add(&line, b->p + at, end - at);
	if (chance(3) > 0)
		replace(b, at, end - at, slice_of("", 0));
	at = b->n ? chance(b->n) : 0;
	while (at > 0 && b->p[at - 1] != '\n')
		at--;
	if (chance(3) > 0)
		replace(b, at, 0, buf_all(&line));
	buf_clear(&line);
}

static void copy_span(struct buf *b)
{
	size_t at = chance(b->n), n = chance(b->n - at) % 200 + 1;
	struct buf span = {0};

	n = n < b->n - at ? n : b->n - at;
	for (size_t times = chance(20) ? 1 : 1 + chance(300); times > 0;
	     times--)
		buf_add(&span, b->p + at, n);
	replace(b, chance(b->n), 0, buf_all(&span));
	buf_clear(&span);
}

static void damage_once(struct buf *b)
{
	size_t at;

	if (b->n == 0) {
		buf_slice(b, any_word());
		return;
	}
	at = chance(b->n);
	switch (chance(10)) {
	case 0:
		b->p[at] = (char)(b->p[at] ^ (1 << chance(8)));
		break;
	case 1:
		b->p[at] = (char)chance(256);
		break;
	case 2:
		replace(b, at, (chance(b->n - at) + 1) % 40 % (b->n - at + 1),
			slice_of("", 0));
		break;
	case 3:
		copy_span(b);
		break;
	case 4:
		move_line(b);
		break;
	case 5:
		replace(b, at, 0, any_word());
		break;
	case 6:
		if (chance(4) == 0)
			b->n = at; /* truncated */
		break;
	default:
		replace_value(b, any_word());
	}
}

static void damage(struct buf *b)
{
	for (size_t n = 1 + chance(3); n > 0 && b->n < MOST; n--)
		damage_once(b);
}

/* ---- runs ------------------------------------------------------------- */

static void make_folders(char *path)
{
	for (char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdir(path, 0700);
		*p = '/';
	}
}

static void put_file(const char *path, struct slice bytes)
{
	struct buf name = {0};
	int fd;

	buf_str(&name, path);
	make_folders(buf_cstr(&name));
	buf_clear(&name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n)
		stop("cannot write", path);
	close(fd);
}

/* All that is in the folder that the process is in. */
static void wipe(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		struct buf path = {0};

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		buf_fmt(&path, "%s/%s", folder, d->d_name);
		if (unlink(buf_cstr(&path)) < 0) {
			wipe(buf_cstr(&path));
			(void)rmdir(buf_cstr(&path));
		}
		buf_clear(&path);
	}
	if (dir)
		closedir(dir);
}

static void lay_out(struct one *c)
{
	size_t first = chance(c->n), second = chance(c->n);
	bool two = chance(3) == 0;

	wipe(".");
	for (size_t i = 0; i < c->n; i++) {
		struct buf b = {0};

		buf_slice(&b, buf_all(&c->file[i].bytes));
		if (i == first || (two && i == second))
			damage(&b);
		put_file(c->file[i].path, buf_all(&b));
		buf_clear(&b);
	}
	put_file("out", slice_of("", 0));
	put_file("err", slice_of("", 0));
}

static NO_RETURN void be_command(struct one *c)
{
	int in = open("in", O_RDONLY), out = open("out", O_WRONLY);
	int err = open("err", O_WRONLY | O_APPEND);

	if (in < 0)
		in = open("/dev/null", O_RDONLY);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	(void)close_range(3, ~0u, 0);
	(void)setpgid(0, 0);
	execvp(c->argv[0], c->argv);
	_exit(127);
}

/* Its status in the form of wait(2), or -1: it did not end. */
static int run_command(struct one *c)
{
	uint64_t start = clock_mono_ms();
	const struct timespec nap = {.tv_nsec = 2000000};
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		be_command(c);
	if (pid < 0)
		stop("cannot fork", c->name);
	(void)setpgid(pid, pid);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_mono_ms() - start > LIMIT_MS) {
			(void)kill(-pid, SIGKILL);
			(void)waitpid(pid, &status, 0);
			return -1;
		}
		nanosleep(&nap, NULL);
	}
	return status;
}

static bool has(const char *path, const char *what)
{
	struct buf b = {0};
	struct err e = {0};
	bool is = file_read(path, 16 * MOST, &b, &e) == 0 && b.n > 0 &&
		  memmem(b.p, b.n, what, strlen(what));

	buf_clear(&b);
	return is;
}

/* A report of a sanitizer, which it wrote into a file of its own. */
static bool is_reported(void)
{
	DIR *dir = opendir(".");
	struct dirent *d;
	bool is = false;

	while (dir && (d = readdir(dir)))
		is = is || strncmp(d->d_name, "report.", 7) == 0;
	if (dir)
		closedir(dir);
	return is;
}

static const char *judge(int status)
{
	static const char *const crash[] = {"crashed libjq",
					    "runs jq returned invalid data"};

	if (status == -1)
		return "did not end";
	if (WIFSIGNALED(status))
		return strsignal(WTERMSIG(status));
	if (WEXITSTATUS(status) == 70)
		return "status 70";
	if (WEXITSTATUS(status) > 99)
		return "could not run, or a stage of it died";
	if (is_reported() || has("err", "Sanitizer") ||
	    has("err", "runtime error:"))
		return "a sanitizer's report";
	for (size_t i = 0; i < COUNT_OF(crash); i++) {
		if (has("out", crash[i]) || has("err", crash[i]))
			return crash[i];
	}
	return NULL;
}

static void keep(const struct one *c, const char *why)
{
	struct buf to = {0};

	buf_fmt(&to, "%s/%s-%d-%ju", found_in, c->name, (int)getpid(), runs);
	fprintf(stderr, "mutate: %s: %s: see %s\n", c->name, why,
		buf_cstr(&to));
	findings++;
	if (chdir("/") < 0 || rename(here, buf_cstr(&to)) < 0 ||
	    mkdir(here, 0700) < 0 || chdir(here) < 0)
		stop("cannot keep", here);
	buf_clear(&to);
}

/* As it is, a case must not be a finding, nor refused; 1 is of rejects. */
static void run_whole(struct one *c)
{
	const char *why;
	int status;

	wipe(".");
	for (size_t i = 0; i < c->n; i++)
		put_file(c->file[i].path, buf_all(&c->file[i].bytes));
	put_file("out", slice_of("", 0));
	put_file("err", slice_of("", 0));
	status = run_command(c);
	why = judge(status);
	if (!why && WEXITSTATUS(status) > 1)
		why = "fails on what is not damaged";
	if (why)
		keep(c, why);
}

static void set_up(const char *found)
{
	struct buf options = {0}, at = {0};

	found_in = realpath(found, NULL);
	if (!found_in)
		stop("cannot use", found);
	/* beside what is found, as it is moved there */
	buf_fmt(&at, "%s/now.XXXXXX", found_in);
	here = buf_cstr(&at);
	if (!mkdtemp(here) || chdir(here) < 0)
		stop("cannot make", here);
	buf_fmt(&options,
		"exitcode=98:allocator_may_return_null=1:log_path=%s/report",
		here);
	setenv("ASAN_OPTIONS", buf_cstr(&options), 1);
	buf_clear(&options);
}

int main(int argc, char **argv)
{
	uint64_t end;

	if (argc != 5)
		stop("usage: mutate SECONDS SEED CASES FOUND, not", argv[0]);
	chance_state = strtoull(argv[2], NULL, 10) * 0x9e3779b97f4a7c15u;
	take_cases(argv[3]);
	set_up(argv[4]);
	for (size_t i = 0; i < n_cases; i++)
		run_whole(&cases[i]);
	end = clock_mono_ms() + strtoull(argv[1], NULL, 10) * 1000;
	while (clock_mono_ms() < end && findings < ENOUGH) {
		struct one *c = &cases[chance(n_cases)];
		const char *why;

		int status;

		lay_out(c);
		status = run_command(c);
		why = judge(status);
		taken += WIFEXITED(status) && WEXITSTATUS(status) <= 1;
		runs++;
		if (why)
			keep(c, why);
	}
	wipe(".");
	(void)rmdir(here);
	fprintf(stderr,
		"mutate: %ju runs of %zu commands, %ju with status 0 or 1, "
		"%ju findings\n",
		runs, n_cases, taken, findings);
	return findings > 0;
}
