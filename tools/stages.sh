# Stages for ./demo, ./check and .ci/run: one line each, with the seconds it took. The output goes
# to $log. Read by `source`, with `log` set.

show_end_of_log() {
  echo
  echo "The last lines of $log:"
  tail -n "${1:-25}" "$log" | sed 's/^/    /'
}

# With these, a compiler cache, if there is one, finds objects that another copy of this folder made.
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$PWD} CCACHE_NOHASHDIR=1

# note_cpu: sets $cpu_seconds, the CPU seconds of all commands that have ended. A subshell would count
# only its own commands.
note_cpu() {
  times >"$log.times"
  cpu_seconds=$(awk 'NR == 2 {
    for (i = 1; i <= 2; ++i) { split($i, part, "m"); sum += part[1] * 60 + part[2] }
    printf "%.1f", sum
  }' "$log.times")
  rm -f "$log.times"
}

stage_names=()
stage_seconds=()
stage_cpu=()

# stage NAME COMMAND...: runs it quietly. On a terminal its line counts the seconds, and shows the
# progress of a command that prints [12/38] as ninja does. If the command fails, its line ends with
# $otherwise.
stage() {
  local name=$1 begin=$EPOCHREALTIME cpu status pid progress
  shift
  note_cpu
  cpu=$cpu_seconds
  printf '\n== %s: %s\n' "$name" "$*" >>"$log"
  local start_of_output
  start_of_output=$(wc -l <"$log")
  "$@" >>"$log" 2>&1 </dev/null &
  pid=$!
  if [ -t 1 ]; then
    while kill -0 "$pid" 2>/dev/null; do
      progress=$(tail -n "+$((start_of_output + 1))" "$log" | tail -n 3 | grep -o '^\[[0-9]*/[0-9]*\]' | tail -n 1 | tr -d '[]')
      printf '\r  %-46s %6.1f s' "$name${progress:+ $progress}" "$(since "$begin")"
      sleep 0.2
    done
    printf '\r'
  fi
  wait "$pid"
  status=$?
  stage_output=$(tail -n "+$((start_of_output + 1))" "$log")
  stage_names+=("$name")
  stage_seconds+=("$(since "$begin")")
  note_cpu
  stage_cpu+=("$(awk -v from="$cpu" -v to="$cpu_seconds" 'BEGIN { printf "%.1f", to - from }')")
  if [ "$status" = 0 ]; then
    printf '  %-46s %6.1f s\n' "$name" "$(since "$begin")"
  else
    printf '  %-46s %6.1f s  %s\n' "$name" "$(since "$begin")" "${otherwise:-FAILED}"
  fi
  return "$status"
}

# show_shares: each stage's CPU seconds and its share of them all, the largest first.
show_shares() {
  local i
  echo "CPU seconds, and their share of the whole:"
  for i in "${!stage_names[@]}"; do
    printf '%s\t%s\t%s\n' "${stage_cpu[i]}" "${stage_seconds[i]}" "${stage_names[i]}"
  done | awk -F '\t' '
    { cpu[NR] = $1; wall[NR] = $2; name[NR] = $3; sum += $1; elapsed += $2 }
    END {
      for (i = 1; i <= NR; ++i)
        printf "%10.1f s %5.1f %%  (%.1f s elapsed)  %s\n", cpu[i], (sum > 0 ? 100 * cpu[i] / sum : 0), wall[i], name[i] | "sort -rn"
      close("sort -rn")
      printf "%10.1f s 100.0 %%  (%.1f s elapsed)  all\n", sum, elapsed
    }'
}

# cache_counts: the hits and misses of the compiler cache so far.
cache_counts() {
  ccache --print-stats 2>/dev/null | awk '
    $1 == "direct_cache_hit" || $1 == "preprocessed_cache_hit" { hits += $2 }
    $1 == "cache_miss" { misses += $2 }
    END { print hits + 0, misses + 0 }'
}
cache_before=$(cache_counts)

# cache_hit_rate: percentage of objects found in the cache since this file was read; 0 if none was
# looked up.
cache_hit_rate() {
  awk -v before="$cache_before" -v after="$(cache_counts)" 'BEGIN {
    split(before, b, " "); split(after, a, " ")
    hits = a[1] - b[1]; all = hits + a[2] - b[2]
    printf "%d", (all > 0 ? 100 * hits / all : 0)
  }'
}

show_cache() {
  if command -v ccache >/dev/null; then
    echo "compiler cache: $(cache_hit_rate) % of the objects were found in it"
  fi
}

# install_missing KIND: installs the packages in tools/packages that this machine lacks.
install_missing() {
  local begin=$EPOCHREALTIME
  tools/install_packages "$1" "$log" || return 1
  printf '  %-46s %6.1f s\n' "packages" "$(since "$begin")"
}

since() {
  awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'
}

passed=0
failed=0
skipped=0
no_mnist=0

# count RESULTS: adds up what ctest wrote in JUnit's form, and where GoogleTest listed the cases of a
# test in results/NAME.xml beside it, those cases. If the data are named, a test that skips for lack
# of them has failed.
count() {
  local counts lists
  readarray -d '' lists < <(find "${1%/*}/results" -name '*.xml' -print0 2>/dev/null)
  counts=$(awk -v datasets="${CORNU_DATASETS:-}" -v fixtures="${CORNU_FIXTURES:-}" '
    function attribute(key) {
      if (!match($0, " " key "=\"[^\"]*\"")) return ""
      return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 4)
    }
    function close_case() {
      if (status == "run") ++passed
      else if (status == "notrun" && skipped) {
        if (mnist && datasets == "") ++no_mnist
        else if (mnist || (fixture && fixtures != "")) fail()
        else ++others
      } else if (status != "" && status != "disabled") fail()
      status = ""
    }
    function fail() { ++failed; ++failed_of[suite]; names = names "\n" name }
    FNR == 1 {
      close_case()
      suite = FILENAME
      of_gtest = sub(/.*\/results\//, "", suite)
      sub(/\.xml$/, "", suite)
      if (of_gtest) listed[suite] = 1
    }
    /<testcase / {
      close_case()
      mnist = fixture = skipped = 0
      status = attribute("status")
      name = attribute("name")
      if (of_gtest) {
        name = attribute("classname") "." name
        if (attribute("result") == "suppressed") status = "disabled"
      }
      # A suite whose cases are counted can still fail after the last of them.
      if (!of_gtest && name in listed && (status != "fail" || failed_of[name])) status = ""
    }
    of_gtest && /<failure/ { status = "fail" }
    /<skipped/ { skipped = 1; if (of_gtest) status = "notrun" }
    /full MNIST not found/ { mnist = 1 }
    /fixtures not found/ { fixture = 1 }
    END { close_case(); print passed + 0, failed + 0, others + 0, no_mnist + 0 names }
  ' "${lists[@]}" "$1" 2>/dev/null)
  local more_passed more_failed more_skipped more_no_mnist
  read -r more_passed more_failed more_skipped more_no_mnist <<<"${counts:-0 0 0 0}"
  if [ "$((more_passed + more_failed))" = 0 ]; then
    echo "No test ran: $1" | tee -a "$log"
    more_failed=1
  fi
  passed=$((passed + more_passed))
  failed=$((failed + more_failed))
  skipped=$((skipped + more_skipped))
  no_mnist=$((no_mnist + more_no_mnist))
  sed -n '2,$s/^/    failed: /p' <<<"$counts"
}

# must NAME COMMAND...: a stage whose failure counts as a failed test.
must() {
  stage "$@" && return
  failed=$((failed + 1))
  show_end_of_log
  return 1
}

# many NAME COMMAND...: a stage whose last line is `N passed, N failed`.
many() {
  stage "$@"
  local status=$? last more
  last=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' <<<"$stage_output" | tail -n 1)
  more=$(grep -E '^[0-9]+ skipped: full MNIST not found$' <<<"$stage_output" | tail -n 1)
  no_mnist=$((no_mnist + ${more%% *}+0))
  if [ -z "$last" ]; then
    failed=$((failed + 1))
    show_end_of_log
    return 1
  fi
  passed=$((passed + ${last%% *}))
  last=${last#*, }
  failed=$((failed + ${last%% *}))
  [ "$status" = 0 ] || show_end_of_log 40
}

# run_ctest NAME RESULTS ARGUMENTS...: a stage of tests, counted.
run_ctest() {
  local name=$1 results=$2
  shift 2
  rm -rf "$results" "${results%/*}/results"
  stage "$name" ctest "$@" -j2 --output-junit "$results" || {
    [ ! -s "$results" ] && show_end_of_log
  }
  count "$results"
}

# conclude: prints the numbers of skipped, passed and failed tests. Status 1 if one failed.
conclude() {
  [ "$failed" = 0 ] || echo "The log: $log"
  [ "$skipped" = 0 ] || echo "$skipped skipped"
  [ "$no_mnist" = 0 ] || echo "$no_mnist skipped: full MNIST not found"
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
