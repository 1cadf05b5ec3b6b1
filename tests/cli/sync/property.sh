# property.sh - random tables against a reference; `make property` has more
exec "$TOP/tests/property/diff.sh" 150 3
