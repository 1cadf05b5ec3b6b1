/* ducksql.c - runs SQL in DuckDB, whose own shell is in no package: makes the
 * files of tests and is the peer of the benchmark.
 *
 * Usage: ducksql FILE SQL ...; FILE may be :memory:. One thread. Exits with 78
 * and the reason where libduckdb.so is not found.
 */
#include <stdio.h>

#include "query/duckdb/duck.h"

int main(int argc, char **argv)
{
	struct err e = {0};
	struct duck d;
	void *config = NULL, *db = NULL, *conn = NULL;
	char *why = NULL;
	int rc = 0;

	if (argc < 3)
		return 64;
	if (duck_load(&d, &e) < 0) {
		fprintf(stderr, "ducksql: %s\n", e.text);
		return err_status(e.kind);
	}
	if (d.create_config(&config) != 0 ||
	    d.set_config(config, "threads", "1") != 0 ||
	    d.open_ext(argv[1], &db, config, &why) != 0 ||
	    d.connect(db, &conn) != 0) {
		fprintf(stderr, "ducksql: %s\n", why ? why : "no connection");
		return 1;
	}
	for (int i = 2; rc == 0 && i < argc; i++) {
		struct duck_result r = {0};

		rc = d.query(conn, argv[i], &r);
		if (rc != 0)
			fprintf(stderr, "ducksql: %s\n", d.result_error(&r));
		d.destroy_result(&r);
	}
	d.disconnect(&conn);
	d.close(&db);
	d.destroy_config(&config);
	return rc;
}
