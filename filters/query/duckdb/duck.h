/* duck.h - loads libduckdb at run time.
 *
 * Floor 2 (query). No Debian package has DuckDB, so the part of its C API that
 * is used is declared here, and its functions are found by dlopen(3). Names,
 * arguments and layouts are those of duckdb.h
 * (duckdb.org/docs/stable/clients/c/api, version 1.4, read 2026-11-23; 2.0 has
 * all of it). Its handles are void pointers. A status of 0 is success.
 */
#ifndef QUERY_DUCKDB_DUCK_H
#define QUERY_DUCKDB_DUCK_H

#include "core/err.h"
#include "core/slice.h"

/* enum duckdb_type */
enum duck_id {
	DUCK_INVALID = 0,
	DUCK_BOOLEAN = 1,
	DUCK_TINYINT,
	DUCK_SMALLINT,
	DUCK_INTEGER,
	DUCK_BIGINT,
	DUCK_UTINYINT,
	DUCK_USMALLINT,
	DUCK_UINTEGER,
	DUCK_UBIGINT,
	DUCK_FLOAT,
	DUCK_DOUBLE,
	DUCK_TIMESTAMP,
	DUCK_DATE,
	DUCK_TIME,
	DUCK_INTERVAL,
	DUCK_HUGEINT,
	DUCK_VARCHAR,
	DUCK_BLOB,
	DUCK_DECIMAL,
	DUCK_TIMESTAMP_S,
	DUCK_TIMESTAMP_MS,
	DUCK_TIMESTAMP_NS,
	DUCK_ENUM,
	DUCK_LIST,
	DUCK_STRUCT,
	DUCK_MAP,
	DUCK_UUID,
	DUCK_UNION,
	DUCK_BIT,
	DUCK_TIME_TZ,
	DUCK_TIMESTAMP_TZ,
	DUCK_UHUGEINT,
	DUCK_ARRAY,
	DUCK_BIGNUM = 35,
	DUCK_SQLNULL,
	DUCK_TIME_NS = 39,
	DUCK_GEOMETRY,
	DUCK_VARIANT,
	DUCK_TIMESTAMP_TZ_NS,
};

/* duckdb_result; the caller keeps the struct, DuckDB owns what it refers to */
struct duck_result {
	uint64_t unused[3];
	void *unused_too[2];
	void *inner;
};

/* duckdb_string_t: up to 12 bytes are stored inside, longer texts at far.p */
union duck_string {
	struct {
		uint32_t n;
		char prefix[4];
		const char *p;
	} far;
	struct {
		uint32_t n;
		char p[12];
	} near;
};

/* The bytes of a string, borrowed from the vector. */
static inline struct slice duck_text(const union duck_string *s)
{
	if (s->near.n <= sizeof(s->near.p))
		return slice_of(s->near.p, s->near.n);
	return slice_of(s->far.p, s->far.n);
}

/* duckdb_list_entry: the range of a row's elements in the vector of all
 * elements
 */
struct duck_span {
	uint64_t at, n;
};

/* duckdb_interval */
struct duck_interval {
	int32_t months, days;
	int64_t us;
};

struct duck {
	const char *(*library_version)(void);
	void (*free)(void *p);

	int (*create_config)(void **config);
	int (*set_config)(void *config, const char *name, const char *value);
	void (*destroy_config)(void **config);
	int (*open_ext)(const char *path, void **db, void *config, char **why);
	void (*close)(void **db);
	int (*connect)(void *db, void **conn);
	void (*interrupt)(void *conn);
	void (*disconnect)(void **conn);

	int (*query)(void *conn, const char *sql, struct duck_result *r);
	int (*prepare)(void *conn, const char *sql, void **stmt);
	const char *(*prepare_error)(void *stmt);
	void (*destroy_prepare)(void **stmt);
	uint64_t (*nparams)(void *stmt);
	int (*bind_varchar)(void *stmt, uint64_t i, const char *value);
	uint64_t (*prepared_statement_column_count)(void *stmt);
	const char *(*prepared_statement_column_name)(void *stmt, uint64_t i);
	void *(*prepared_statement_column_logical_type)(void *stmt, uint64_t i);
	int (*execute_prepared_streaming)(void *stmt, struct duck_result *r);

	const char *(*result_error)(struct duck_result *r);
	void (*destroy_result)(struct duck_result *r);
	uint64_t (*column_count)(struct duck_result *r);
	const char *(*column_name)(struct duck_result *r, uint64_t i);
	void *(*column_logical_type)(struct duck_result *r, uint64_t i);
	void *(*fetch_chunk)(struct duck_result r);
	uint64_t (*data_chunk_get_size)(void *chunk);
	void *(*data_chunk_get_vector)(void *chunk, uint64_t i);
	void (*destroy_data_chunk)(void **chunk);

	void *(*vector_get_data)(void *vector);
	uint64_t *(*vector_get_validity)(void *vector);
	void *(*list_vector_get_child)(void *vector);
	void *(*array_vector_get_child)(void *vector);
	void *(*struct_vector_get_child)(void *vector, uint64_t i);

	int (*get_type_id)(void *type);
	char *(*logical_type_get_alias)(void *type);
	void (*destroy_logical_type)(void **type);
	uint8_t (*decimal_width)(void *type);
	uint8_t (*decimal_scale)(void *type);
	int (*decimal_internal_type)(void *type);
	int (*enum_internal_type)(void *type);
	uint32_t (*enum_dictionary_size)(void *type);
	char *(*enum_dictionary_value)(void *type, uint64_t i);
	void *(*list_type_child_type)(void *type);
	void *(*array_type_child_type)(void *type);
	uint64_t (*array_type_array_size)(void *type);
	void *(*map_type_key_type)(void *type);
	void *(*map_type_value_type)(void *type);
	uint64_t (*struct_type_child_count)(void *type);
	char *(*struct_type_child_name)(void *type, uint64_t i);
	void *(*struct_type_child_type)(void *type, uint64_t i);
	uint64_t (*union_type_member_count)(void *type);
	char *(*union_type_member_name)(void *type, uint64_t i);
	void *(*union_type_member_type)(void *type, uint64_t i);
};

/* Loads libduckdb.so and fills *d: the file that RUDDER_LIBDUCKDB names,
 * otherwise one on the linker's path, otherwise ../lib beside the command.
 * Returns 0, or -1 with ERR_CONFIG and how to get the library. It stays loaded
 * until the program ends.
 */
int duck_load(struct duck *d, struct err *e) MUST_USE;

#endif
