#!/bin/bash
# Installs what is needed, builds everything and runs every test. Runs from any folder and asks nothing; ends with what
# ctest says last, and with its exit code.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

packages+=("${for_tests[@]}")
install_packages
build all
say "testing"
ctest --preset release
