# rudder-query on Parquet files of pyarrow that DuckDB would change without a
# word: the exact value, or a refusal that says what to do.
# shellcheck shell=sh
set -eu
eval "$("$TOP/tests/tool/duck.sh" find)"
. "$TOP/tests/tool/sources.sh"
data=$TOP/tests/cli/query/parquet

# rows TITLE FILE [MODEL]: status 0 and the rows of standard input
rows() {
	status 0 "$1" rudder-query -d "parquet:$data/$2" ${3:+-e "$3"}
	same "$1"
}
# refused TITLE FILE WORDS [MODEL]
refused() {
	status 78 "$1" rudder-query -d "parquet:$data/$2" ${4:+-e "$4"}
	says "$3"
	no_end "$1"
}

every() {
	refused decimal decimal.parquet "column 'd' is DECIMAL(50,2) in '$data/decimal.parquet'; DuckDB supports at most 38 digits"
	printf '{"id":1}\n{"id":2}\n' | rows "beside a decimal" decimal.parquet 'SELECT id FROM files ORDER BY 1'
	echo '{"n":2}' | rows "count beside a decimal" decimal.parquet 'SELECT count(*) AS n FROM files'
	refused "a decimal within" nested.parquet "column 's': 'element' of it is DECIMAL(50,2)"

	refused INT96 int96.parquet "column 't' is INT96.*'?ns=drop'"
	rows "INT96 without its nanoseconds" 'int96.parquet?ns=drop' <<-'EOT'
		{"id":1,"t":"2023-11-14T22:13:20.123456Z"}
		{"id":2,"t":"1969-12-31T23:59:59.999999Z"}
	EOT
	echo '{"id":1,"t":"2023-11-14T22:13:20.123456Z"}' | rows "INT96 of Spark" spark.parquet
	refused "INT96 of Spark and another" '*[k6].parquet' "column 't' is INT96"
	rows "nanoseconds" times.parquet <<-'EOT'
		{"t":"2023-11-14T22:13:20.123456789Z","m":"0000-01-01T00:00:12.345678901Z"}
		{"t":"1969-12-31T23:59:59.999999999Z","m":"0000-01-01T00:00:00.000000001Z"}
	EOT
	case $version in
	v1*) refused "nanoseconds in UTC" utc.parquet "a time of nanoseconds with a time zone" ;;
	*)
		rows "nanoseconds in UTC" utc.parquet <<-'EOT'
			{"id":1,"t":"2023-11-14T22:13:20.123456789Z"}
			{"id":2,"t":"1969-12-31T23:59:59.999999999Z"}
		EOT
		;;
	esac

	status 1 "a key twice in a map" rudder-query -d "parquet:$data/map.parquet" --max-rejects 1
	echo '{"id":2,"m":{"b":3}}' | same "a key twice in a map"
	status 1 "a key twice in a map of DuckDB's" rudder-query -d duckdb: --max-rejects 1 \
		-e "SELECT [map_from_entries([(x, 1)])] AS m FROM (VALUES ('a')) t(x) UNION ALL SELECT [MAP {0.0::DOUBLE: 1}::MAP(VARCHAR, INTEGER)] UNION ALL SELECT [m] FROM read_parquet('$data/map.parquet')"

	refused "a name twice" twice.parquet "two columns are named 'a'"
	# the times of a file before it do not hide that
	mkdir both
	cp "$data/int96.parquet" both/1.parquet
	cp "$data/twice.parquet" both/2.parquet
	status 78 "a name twice behind INT96" rudder-query -d 'parquet:both/*' -e 'SELECT 1 AS a'
	says "file 'both/2.parquet': two columns are named 'a'"
	no_end "a name twice behind INT96"
	rm -r both
	refused "a name twice but for case" case.parquet "two columns are named 'A'"
	refused "no name" unnamed.parquet "a column without a name"
	refused "a field's name twice" fields.parquet "two columns are named 'k'"

	refused "a folder's name" 'hive/*/*.parquet' "column 'Data' is in the file and in the name of its folder, 'DATA=2023-08-28'.*'?hive=off'"
	echo '{"id":1}' | rows "beside a folder's name" 'hive/*/*.parquet' 'SELECT id FROM files'
	echo '{"id":1,"Data":"own"}' | rows "the file's own column" 'hive/*/*.parquet?threads=1&hive=off'

	printf '{"i":1.5}\n{"i":7}\n' | rows "small integers and floats" 'mixed/*.parquet' 'SELECT i FROM files ORDER BY 1'
	refused "large integers and floats" 'mixed/*.parquet' "column 'big' is an integer in one file and a float" 'SELECT big FROM files'
	refused "decimals of two scales" 'mixed/*.parquet' "column 'd' has several number types" 'SELECT d FROM files'
	refused "decimals and floats" 'mixed/*.parquet' "column 'f' has several number types" 'SELECT f FROM files'
	refused "integers and floats within" 'mixed/*.parquet' "column 's': 'a' of it has several" 'SELECT s FROM files'
	echo '{"big":9007199254740993,"d":1.5,"f":1.5,"s":{"a":9007199254740993}}' |
		rows "one file alone" 'mixed/1.parquet' 'SELECT big, d, f, s FROM files'

	# a time without a zone beside one with a zone, and text beside bytes
	mkdir types
	sql="COPY (SELECT 1 AS id, TIMESTAMP '2024-01-01 10:00:00' AS t, {'x': DATE '2024-01-01'} AS s, 'a\\x41' AS b) TO 'types/1.parquet'"
	ducksql :memory: "$sql" "COPY (SELECT 2 AS id, TIMESTAMPTZ '2024-01-01 10:00:00+00' AS t, {'x': TIMESTAMPTZ '2024-01-01 10:00:00+00'} AS s, 'b'::BLOB AS b) TO 'types/2.parquet'"
	for column in t s; do
		status 78 "times with and without a zone, $column" env TZ=Europe/Berlin rudder-query -d 'parquet:types/*' -e "SELECT $column FROM files"
		says "is a time with a time zone in one file and without one in a different one; add '?timezone=UTC'"
	done
	for source in 'parquet:types/*?timezone=UTC' parquet:types/1.parquet; do
		status 0 "$source" env TZ=Europe/Berlin rudder-query -d "$source" -e 'SELECT t, s FROM files WHERE id = 1'
		echo '{"t":"2024-01-01T10:00:00Z","s":{"x":"2024-01-01T00:00:00Z"}}' | same "$source"
	done
	status 78 "text and bytes" rudder-query -d 'parquet:types/*' -e 'SELECT b FROM files'
	says "column 'b' is text in one file and bytes in a different one"
	status 0 "bytes as text" rudder-query -d duckdb: -e "SELECT b FROM read_parquet('types/*', binary_as_string = true) ORDER BY 1"
	printf '%s\n' '{"b":"a\\x41"}' '{"b":"b"}' | same "bytes as text"
	rm -r types

	status 64 "an option's value" rudder-query -d "parquet:$data/map.parquet?hive=maybe"
	says "hive=off or hive=on"
	status 64 "an option of parquet:" rudder-query -d "duckdb:?hive=off" -e 'SELECT 1 AS a'
}

for RUDDER_LIBDUCKDB in $("$TOP/tests/tool/duck.sh" list); do
	export RUDDER_LIBDUCKDB
	version=$(rudder-query -d duckdb: -e 'SELECT version() AS v' | jq -r 'select(.v).v')
	echo "DuckDB $version"
	every
done
[ ! -e failed ]
