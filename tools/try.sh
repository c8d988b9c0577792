#!/bin/bash
# Installs what is needed, builds, and holds the example's history against its rulebook. Runs from any folder and asks
# nothing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

example=examples/new_business
as_of=2025-12-15

install_packages
build plumb

command=(build/release/tools/plumb/plumb run "$example/rules.plumb" --history "$example/history" --as-of "$as_of")
say "${command[*]}"
echo
"${command[@]}"
