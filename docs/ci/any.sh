#!/usr/bin/env bash
# Any other CI: three commands in a clone with the whole history. 0 fine, 1 findings, 2 cannot tell.
#
#   TARGET   the branch that the change is for (default: main)
#   PUBLISH  set on the default branch, where the job may push: publish as well
set -uo pipefail

pip install --quiet "${CLUSTER_STACKS:-cluster-stacks==0.1.0}" || exit 2
git fetch --quiet origin "${TARGET:=main}" || exit 2

code=0
cluster-stacks check --base "origin/$TARGET" --report text --report junit=reports/check.xml || code=$?
cluster-stacks validate --report text --report junit=reports/validate.xml || code=$?
[ "$code" -eq 0 ] || exit "$code"

[ -z "${PUBLISH:-}" ] || cluster-stacks publish --push
