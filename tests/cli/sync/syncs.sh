# syncs.sh - a few random sync files by rudder run and by sh; `make property` has
# more
SHIM_SO=$B/tool/shim.so
export SHIM_SO
exec "$TOP/tests/property/syncs.sh" 3 3
