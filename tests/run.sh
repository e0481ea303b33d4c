#!/usr/bin/env bash
# Runs every test. Ends with one line: N passed, N failed, N skipped. Exits 1 when a test failed or a project did not build.
set -uo pipefail
cd "$(dirname "$0")/.."

# The peers of the interoperability tests. Where they cannot be installed those tests skip and say why.
packages="python3-grpcio python3-grpc-tools python3-protobuf python3-numpy python3-jsonschema libsoapysdr0.8 soapysdr-tools soapysdr-module-remote python3-soapysdr uhd-host uhd-soapysdr gnuradio iproute2"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  missing=""
  for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  if [ -n "$missing" ]; then
    echo "Installing Debian packages:$missing"
    # shellcheck disable=SC2086
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null ||
      echo "Not installed; tests that need them will skip."
  fi
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet build IsacTestbed.sln -c Release --nologo -v quiet || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

# A test that hangs is named and ends its project; no test takes a tenth of this.
hang="--blame-hang --blame-hang-timeout 8m --blame-hang-dump-type none --results-directory $results"

status=0
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  echo "== $name"
  # Where a shell has put this into the background SIGINT is ignored, and processes inherit that; some tests stop programs with it.
  # shellcheck disable=SC2086
  env --default-signal=INT dotnet test "$project" -c Release --no-build --nologo -v quiet $hang --logger "trx;LogFileName=$results/$name.trx" || status=1
done

# The counters of every result file; a project whose run broke before it wrote one has failed.
total() { cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*>" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(total passed)
failed=$(total failed)
skipped=$(($(total total) - $(total executed)))
# The tests of an outcome, each with its message.
list() {
  cat "$results"/*.trx | tr -d '\r' | tr '\n' ' ' | sed 's/<UnitTestResult /\n&/g; s/<\/Results>/\n/g' | grep "^<UnitTestResult [^>]*outcome=\"$1\"" |
    sed -E 's/^[^>]*testName="([^"]*)"[^>]*>/  \1\t/; s/\t.*<Message>([^<]*)<.*/: \1/; s/<.*//; s/&#xD;|&#xA;/ /g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' | sort -u
}
if [ "$skipped" -gt 0 ]; then
  echo "Skipped:"
  list NotExecuted
fi
if [ "$failed" -gt 0 ]; then
  echo "Failed:"
  list Failed
fi
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
