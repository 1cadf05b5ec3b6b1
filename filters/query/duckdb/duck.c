#include "query/duckdb/duck.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* These structs are shared with DuckDB and must have the layout of duckdb.h. */
_Static_assert(sizeof(struct duck_result) == 48, "duckdb_result");
_Static_assert(sizeof(union duck_string) == 16, "duckdb_string_t");
_Static_assert(sizeof(struct duck_interval) == 16, "duckdb_interval");

#define SYMBOL(name)                                                           \
	{                                                                      \
		"duckdb_" #name, offsetof(struct duck, name)                   \
	}

static const struct {
	const char *name;
	size_t at; /* offset of the function pointer in struct duck */
} symbols[] = {
	SYMBOL(library_version),
	SYMBOL(free),
	SYMBOL(create_config),
	SYMBOL(set_config),
	SYMBOL(destroy_config),
	SYMBOL(open_ext),
	SYMBOL(close),
	SYMBOL(connect),
	SYMBOL(interrupt),
	SYMBOL(disconnect),
	SYMBOL(query),
	SYMBOL(prepare),
	SYMBOL(prepare_error),
	SYMBOL(destroy_prepare),
	SYMBOL(nparams),
	SYMBOL(bind_varchar),
	SYMBOL(prepared_statement_column_count),
	SYMBOL(prepared_statement_column_name),
	SYMBOL(prepared_statement_column_logical_type),
	SYMBOL(execute_prepared_streaming),
	SYMBOL(result_error),
	SYMBOL(destroy_result),
	SYMBOL(column_count),
	SYMBOL(column_name),
	SYMBOL(column_logical_type),
	SYMBOL(fetch_chunk),
	SYMBOL(data_chunk_get_size),
	SYMBOL(data_chunk_get_vector),
	SYMBOL(destroy_data_chunk),
	SYMBOL(vector_get_data),
	SYMBOL(vector_get_validity),
	SYMBOL(list_vector_get_child),
	SYMBOL(array_vector_get_child),
	SYMBOL(struct_vector_get_child),
	SYMBOL(get_type_id),
	SYMBOL(logical_type_get_alias),
	SYMBOL(destroy_logical_type),
	SYMBOL(decimal_width),
	SYMBOL(decimal_scale),
	SYMBOL(decimal_internal_type),
	SYMBOL(enum_internal_type),
	SYMBOL(enum_dictionary_size),
	SYMBOL(enum_dictionary_value),
	SYMBOL(list_type_child_type),
	SYMBOL(array_type_child_type),
	SYMBOL(array_type_array_size),
	SYMBOL(map_type_key_type),
	SYMBOL(map_type_value_type),
	SYMBOL(struct_type_child_count),
	SYMBOL(struct_type_child_name),
	SYMBOL(struct_type_child_type),
	SYMBOL(union_type_member_count),
	SYMBOL(union_type_member_name),
	SYMBOL(union_type_member_type),
};

_Static_assert(COUNT_OF(symbols) * sizeof(void *) == sizeof(struct duck),
	       "a function without its symbol");

#if defined(__aarch64__)
#define NPM_PACKAGE "@duckdb/node-bindings-linux-arm64"
#else
#define NPM_PACKAGE "@duckdb/node-bindings-linux-x64"
#endif

static int not_found(struct err *e)
{
	return err_set(e, ERR_CONFIG,
		       "no DuckDB: cannot find libduckdb.so; run make "
		       "duckdb PREFIX=/usr/local in the source of rudder, or "
		       "npm install " NPM_PACKAGE ", and name the file in "
		       "RUDDER_LIBDUCKDB");
}

static void *open_library(struct err *e)
{
	const char *named = getenv("RUDDER_LIBDUCKDB");
	void *lib;

	if (named && *named) {
		lib = dlopen(named, RTLD_NOW);
		if (!lib)
			(void)err_set(e, ERR_CONFIG, "RUDDER_LIBDUCKDB: %s",
				      dlerror());
		return lib;
	}
	lib = dlopen("libduckdb.so", RTLD_NOW);
	if (!lib) /* ../lib beside the command, where make duckdb puts it */
		lib = dlopen("$ORIGIN/../lib/libduckdb.so", RTLD_NOW);
	if (!lib)
		(void)not_found(e);
	return lib;
}

int duck_load(struct duck *d, struct err *e)
{
	void *lib = open_library(e);

	if (!lib)
		return -1;
	for (size_t i = 0; i < COUNT_OF(symbols); i++) {
		void *f = dlsym(lib, symbols[i].name);

		if (!f)
			return err_names(e, ERR_CONFIG,
					 "this libduckdb.so lacks '%s': use "
					 "version 1.4 or later",
					 symbols[i].name);
		memcpy((char *)d + symbols[i].at, &f, sizeof(f));
	}
	return 0;
}
