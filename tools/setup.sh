# shellcheck shell=bash
# Sourced by try.sh and test.sh: what both need before they can do their work. Debian 12 or newer, root or sudo.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# What building takes, and a drawing of a process.
packages=(
  g++ cmake ninja-build ccache
  antlr4 default-jre-headless libantlr4-runtime-dev uuid-dev
  libyaml-cpp-dev libfmt-dev libboost-graph-dev libcli11-dev libhowardhinnant-date-dev tzdata
  libgtest-dev nlohmann-json3-dev libxml2-dev zlib1g-dev libsqlite3-dev libpq-dev
  libjemalloc-dev
  graphviz python3
)
# What only tests take: a server that they start themselves, and what reads the outputs.
for_tests=(postgresql sqlite3 python3-jsonschema python3-numpy)

say() { printf '== %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# The packages that are not installed, one a line. Any Java will do.
missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [ "$package" = default-jre-headless ] && command -v java >/dev/null && continue
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
  done
}

install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "this script installs with apt-get, which is not here. What it would install: ${packages[*]}"
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  if [ "${#missing[@]}" -eq 0 ]; then
    say "every package that is needed is installed"
    return
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "installing needs root or sudo. What is missing: ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing with apt-get: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null ||
    fail "apt-get update failed: is there a network?"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" </dev/null || fail "apt-get install failed; its last lines above say why"
}

# build TARGET: configures the preset `release` and builds the target; `all` is everything.
build() {
  cd "$root" || fail "the folder $root cannot be entered"
  say "configuring (preset release, in build/release)"
  cmake --preset release || fail "configuring failed; the lines above say why"
  say "building"
  cmake --build --preset release --target "$1" || fail "building failed; the lines above say why"
}
