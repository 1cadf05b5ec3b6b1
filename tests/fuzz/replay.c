/* replay.c - a fuzz target without libFuzzer: its corpus, and some mutations
 *
 * test_fuzz_NAME runs NAME's target on each file of tests/fuzz/corpus/NAME
 * below $TOP (or the files named as operands), and on a fixed number of
 * variants of each, the same every time. A property that does not hold aborts,
 * after the input has been written to standard error. So that no target comes
 * to test nothing, a corpus of which no file gets to one of its REACHED is an
 * error.
 */
#include "fuzz.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>

#include "core/buf.h"
#include "core/file.h"

enum { VARIANTS = 200, LONGEST = 1024 * 1024 };

static struct buf now; /* the input in work, for say_input */
static uint64_t chance_state;

static size_t chance(size_t below)
{
	chance_state =
		chance_state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(chance_state >> 33) % below;
}

/* All REACHED of the target. */
extern struct fuzz_reached *__start_fuzz_reached[] __attribute__((weak));
extern struct fuzz_reached *__stop_fuzz_reached[] __attribute__((weak));

static size_t reached_n(void)
{
	return (size_t)(__stop_fuzz_reached - __start_fuzz_reached);
}

static void count_reached(bool as_it_is)
{
	for (size_t i = 0; i < reached_n(); i++) {
		struct fuzz_reached *r = __start_fuzz_reached[i];

		r->files += as_it_is && r->times > 0;
		r->times = 0;
	}
}

/* Whether the corpus gets everywhere. */
static bool is_reached(void)
{
	bool all = reached_n() > 0;

	if (!all)
		fprintf(stderr, "the target has no REACHED\n");
	for (size_t i = 0; i < reached_n(); i++) {
		const struct fuzz_reached *r = __start_fuzz_reached[i];

		printf("%zu: %s\n", r->files, r->name);
		if (r->files == 0)
			fprintf(stderr, "no file of the corpus reaches: %s\n",
				r->name);
		all = all && r->files > 0;
	}
	return all;
}

static void say_input(int signo)
{
	ssize_t n = write(STDERR_FILENO, now.p, now.n);

	(void)n;
	signal(signo, SIG_DFL);
	raise(signo);
}

static void run(void)
{
	uint8_t *exact = mem_resize(NULL, now.n);

	memcpy(exact, now.p, now.n);
	LLVMFuzzerTestOneInput(exact, now.n);
	free(exact);
}

/* One to four changes: a byte set, a stretch dropped, doubled, or moved. */
static void vary(void)
{
	static const char bytes[] =
		"{}[]\",:\\u0e-. \t\n\r\x00\x7f\x80\xc3\xff";

	for (size_t k = 1 + chance(4); k > 0 && now.n > 1; k--) {
		size_t at = chance(now.n);
		size_t n = 1 + chance(now.n - at < 9 ? now.n - at : 9);

		switch (chance(4)) {
		case 0:
			now.p[at] = bytes[chance(sizeof(bytes) - 1)];
			break;
		case 1:
			memmove(now.p + at, now.p + at + n, now.n - at - n);
			now.n -= n;
			break;
		case 2:
			buf_room(&now, n);
			memmove(now.p + at + n, now.p + at, now.n - at);
			now.n += n;
			break;
		default:
			memcpy(now.p + chance(now.n - n + 1), &bytes[chance(8)],
			       1);
		}
	}
}

static void one_file(const char *path)
{
	struct buf was = {0};
	struct err e = {0};

	if (file_read(path, LONGEST, &was, &e) < 0) {
		fprintf(stderr, "%s\n", e.text);
		exit(1);
	}
	for (int i = 0; i <= VARIANTS; i++) {
		now.n = 0;
		buf_slice(&now, buf_all(&was));
		if (i > 0)
			vary();
		run();
		count_reached(i == 0);
	}
	buf_clear(&was);
}

static size_t whole_folder(const char *name)
{
	DIR *dir = opendir(name);
	struct dirent *d;
	size_t n = 0;

	while (dir && (d = readdir(dir))) {
		struct buf path = {0};

		if (d->d_name[0] != '.') {
			chance_state = 1;
			buf_fmt(&path, "%s/%s", name, d->d_name);
			one_file(buf_cstr(&path));
			n++;
		}
		buf_clear(&path);
	}
	if (dir)
		closedir(dir);
	return n;
}

int main(int argc, char **argv)
{
	const char *name = strstr(argv[0], "test_fuzz_"), *top = getenv("TOP");
	struct buf folder = {0};
	size_t n = 0;

	signal(SIGABRT, say_input);
	for (int i = 1; i < argc; i++, n++)
		one_file(argv[i]);
	if (argc == 1 && name) {
		buf_fmt(&folder, "%s/tests/fuzz/corpus/%s", top ? top : ".",
			name + strlen("test_fuzz_"));
		n = whole_folder(buf_cstr(&folder));
	}
	printf("%zu files\n", n);
	buf_clear(&folder);
	buf_clear(&now);
	return n > 0 && (argc > 1 || is_reached()) ? 0 : 1;
}
