# property.sh - random tables against a reference; `make property` has more
exec timeout 100 "$TOP/tests/property/diff.sh" 150 3
