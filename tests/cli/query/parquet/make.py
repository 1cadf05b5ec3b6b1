"""make.py - writes the Parquet files beside it, by pyarrow 26; what each of them
has is in ../parquet.sh."""
import decimal
import os

import pyarrow as pa
import pyarrow.parquet as pq

decimal.getcontext().prec = 60
os.chdir(os.path.dirname(os.path.abspath(__file__)))


def write(name, columns, names=None, **options):
    table = pa.table(columns, names=names) if names else pa.table(columns)
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    spark = options.pop("spark", None)
    with pq.ParquetWriter(name, table.schema, store_schema=False, compression="none",
                          use_dictionary=False, write_statistics=False, **options) as writer:
        writer.write_table(table)
        if spark:
            writer.add_key_value_metadata({"org.apache.spark.version": spark})


def digits(*values):
    return pa.array([decimal.Decimal(v) for v in values], pa.decimal256(50, 2))


ns = [1700000000123456789, -1]
write("decimal.parquet", {"id": [1, 2], "d": digits("1.50", "-123456789012345678901234567890123456789012.25")})
write("nested.parquet", {"id": [1], "s": pa.array([{"x": list(digits("1.50").to_pylist())}],
      pa.struct([("x", pa.list_(pa.decimal256(50, 2)))]))})
write("int96.parquet", {"id": [1, 2], "t": pa.array(ns, pa.timestamp("ns"))}, use_deprecated_int96_timestamps=True)
write("spark.parquet", {"id": [1], "t": pa.array([1700000000123456000], pa.timestamp("ns"))},
      use_deprecated_int96_timestamps=True, spark="3.5.0")
write("utc.parquet", {"id": [1, 2], "t": pa.array(ns, pa.timestamp("ns", "UTC"))})
write("times.parquet", {"t": pa.array(ns, pa.timestamp("ns")), "m": pa.array([12345678901, 1], pa.time64("ns"))})
write("map.parquet", {"id": [1, 2], "m": pa.array([[("a", 1), ("a", 2)], [("b", 3)]], pa.map_(pa.string(), pa.int32()))})
write("twice.parquet", [pa.array([1]), pa.array([2])], ["a", "a"])
write("case.parquet", [pa.array([1]), pa.array([2])], ["a", "A"])
write("unnamed.parquet", [pa.array([1]), pa.array([2])], ["a", ""])
write("fields.parquet", [pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], names=["k", "k"])], ["s"])
write("hive/DATA=2023-08-28/f.parquet", {"id": [1], "Data": ["own"]})
write("mixed/1.parquet", {"i": [7], "big": [9007199254740993], "d": pa.array([decimal.Decimal("1.5")], pa.decimal128(38, 1)),
      "f": pa.array([decimal.Decimal("1.5")], pa.decimal128(22, 1)), "s": pa.array([{"a": 9007199254740993}])})
write("mixed/2.parquet", {"i": [1.5], "big": [1.5], "d": pa.array([decimal.Decimal("1E-10")], pa.decimal128(38, 10)),
      "f": [1.5], "s": pa.array([{"a": 1.5}])})
