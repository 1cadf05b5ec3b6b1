#!/bin/sh
# apply.sh - sends exactly the events of the plan; apply.sh decline: none of them.
# A plan that was changed after it was made is refused.
set -eu
to=$DEST
[ "${1:-}" != decline ] || to=declined:
rudder-send -d "$to" <plan | rudder-diff --commit -s state/customers
