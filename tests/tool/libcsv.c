/* libcsv.c - libcsv alone, to measure rudder-query beside it
 *
 *     libcsv FILE
 *
 * Parses FILE and says how many fields and records it has; nothing is done
 * with them.
 */
#include <csv.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct count {
	uint64_t fields, records;
};

static void on_field(void *p, size_t n, void *ctx)
{
	struct count *c = ctx;

	(void)p;
	(void)n;
	c->fields++;
}

static void on_record(int end, void *ctx)
{
	struct count *c = ctx;

	(void)end;
	c->records++;
}

int main(int argc, char **argv)
{
	static char block[256 * 1024];
	struct count c = {0};
	struct csv_parser p;
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	ssize_t n;

	if (fd < 0 || csv_init(&p, 0) != 0)
		return 64;
	while ((n = read(fd, block, sizeof(block))) > 0) {
		if (csv_parse(&p, block, (size_t)n, on_field, on_record, &c) !=
		    (size_t)n)
			return 65;
	}
	csv_fini(&p, on_field, on_record, &c);
	csv_free(&p);
	printf("%" PRIu64 " fields, %" PRIu64 " records\n", c.fields,
	       c.records);
	return n < 0 ? 74 : 0;
}
