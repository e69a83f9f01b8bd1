# Reads the sources of src/cornu and prints each line that breaks a rule; see check_house.

BEGIN {
  ranks("0 core", "1 kernels formats images", "2 ops", "3 activations initializers regularizers schedules",
        "4 layers losses optimizers datasets", "5 graph", "6 plan saving", "7 metrics",
        "8 training interop evaluation", "9 models callbacks", "10 listing report testing mpi", "11 cli serve python")
  split("formats images datasets saving interop evaluation report listing mpi cli serve python", outside, " ")
  for (i in outside) not_core[outside[i]] = 1
}

function ranks(a, b, c, d, e, f, g, h, i, j, k, l) {
  rank_line(a); rank_line(b); rank_line(c); rank_line(d); rank_line(e); rank_line(f)
  rank_line(g); rank_line(h); rank_line(i); rank_line(j); rank_line(k); rank_line(l)
}

function rank_line(line, part, n, i) {
  n = split(line, part, " ")
  for (i = 2; i <= n; ++i) rank[part[i]] = part[1] + 0
}

function found(what) { print FILENAME ":" FNR ": " what }

# Whether a source belongs to the core library, which does not access files.
function in_core(room, base) {
  if (room == "datasets") return base ~ /^(dataset|in_bytes)\./
  if (room == "saving") return base ~ /^network_config\./
  if (room == "callbacks")
    return base !~ /^(backup_and_restore|checkpoint[^\/]*|csv_logger|model_checkpoint|tensor_board|weight_images)\./
  if (room == "models") return base !~ /(save|load)[^\/]*\.cc$/
  return !(room in not_core)
}

# A header of the system or of another library.
function library(target) {
  if (is_test || target !~ /[.\/]/) return
  if (target ~ /^(sys|linux|netinet|arpa)\// ||
      target ~ /^(unistd|fcntl|pthread|sched|signal|poll|dirent|termios|errno|time|dlfcn|immintrin|xmmintrin|pmmintrin|cpuid|arm_neon|netdb|spawn|glob|pwd|features|elf|link)\.h$/)
    return
  if (target ~ /^hwy\//) {
    if (room != "kernels") found("<" target ">: only kernels/ may include Highway")
    else if (!is_source && base !~ /-inl\.h$/) found("<" target "> in a public header")
  }
  else if (!is_source) found("<" target ">: a header may not include other libraries")
  else if (is_core) found("<" target ">: the core library depends on Highway only")
}

FNR == 1 {
  path = FILENAME; sub(/^.*src\/cornu\//, "", path)
  room = ""; base = path
  if (path ~ /\//) { room = path; sub(/\/.*/, "", room); sub(/^.*\//, "", base) }
  is_test = base ~ /_(test|bench)\.(cc|h)$/
  is_source = base ~ /\.cc$/
  is_core = room != "" && in_core(room, base) && !is_test
  is_reference = base ~ /^reference_double\./
  if (room != "" && !(room in rank))
    found("the folder \"" room "\" has no rank in tools/check_house.awk")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
  target = $0; sub(/^[^"]*"/, "", target); sub(/".*/, "", target)
  if (target ~ /^hwy\//) { library(target); next }
  if (target !~ /^cornu\//) {
    found("\"" target "\": includes are rooted at src/: \"cornu/…\"")
    next
  }
  sub(/^cornu\//, "", target)
  if (target !~ /\//) {
    if (room != "" && !is_test && target == "cornu.h" && rank[room] < 11)
      found("cornu/cornu.h is for users: include the folder's own header")
    next
  }
  header = target; sub(/^.*\//, "", header)
  sub(/\/.*/, "", target)
  if (!(target in rank)) { found("the folder \"" target "\" has no rank in tools/check_house.awk"); next }
  if (room == "" && header ~ /(-inl|_internal)\.h$/) found(header " is private")
  if (is_test || room == "" || target == room) next
  if (rank[target] > rank[room])
    found(room "/ (rank " rank[room] ") includes " target "/ (rank " rank[target] "), which is higher")
  else if (rank[target] == rank[room])
    found(room "/ includes its sister " target "/ (both of rank " rank[room] ")")
  else if (is_core && is_source && !in_core(target, header))
    found("the core library includes " target "/, which is not in it")
}

/^[ \t]*#[ \t]*include[ \t]*</ {
  target = $0; sub(/^[^<]*</, "", target); sub(/>.*/, "", target)
  if (target == "random" && !is_test)
    found("<random>: its distributions differ between libraries: use core/rng.h")
  if (is_core && target ~ /^unordered_(map|set)$/)
    found("<" target ">: its order is not fixed: use a sorted vector or std::map")
  library(target)
}

!is_test && /std::shuffle|std::random_shuffle|std::(mt19937|random_device|default_random_engine)/ {
  found("random numbers come from core/rng.h")
}

is_core && !is_reference && /std::(exp|exp2|expm1|log|log2|log10|log1p|pow|sin|cos|tan|sinh|cosh|tanh|asin|acos|atan|atan2|cbrt|hypot|erf|erfc|tgamma|lgamma)[fl]?\(/ {
  line = $0; sub(/\/\/.*/, "", line)
  if (line ~ /std::(exp|log|pow|sin|cos|tan|asin|acos|atan|cbrt|hypot|erf|tgamma|lgamma)/)
    found("a function of libm that is not exact: use the functions of kernels/")
}

is_core && /ffast-math|fp_contract|FP_CONTRACT|#[ \t]*pragma[ \t]+(GCC|clang)[ \t]+optimize/ {
  found("all files have the same arithmetic flags: a file may not set any")
}

# Each field of an options struct that users see has a comment, above it or behind it.
FNR == 1 { in_options = 0; commented = 0 }
!is_source && !is_test && room != "cli" && /^struct ([A-Z_]+ )?[A-Za-z0-9]*Options( final)? (: .*)?\{/ {
  in_options = 1; commented = 0; declaration = ""
  next
}
in_options && (/^\};/ || /^  static .*visit_fields/) { in_options = 0 }
in_options {
  if (/^[ \t]*\/\/\//) { commented = 1; next }
  if (/^[ \t]*(\/\/.*)?$/) { commented = 0; next }
  declaration = declaration " " $0
  if ($0 !~ /;/) next
  line = declaration; declaration = ""
  behind = line ~ /\/\/\/</
  sub(/[ \t]*\/\/.*/, "", line)
  sub(/[ \t]*(=.*|\{.*)?;.*$/, "", line)
  if (!commented && !behind && line !~ /(^| )(using|static|friend)( |$)/ && line !~ /\)[ \t]*(const)?$/) {
    sub(/^.*[ \t&*>]/, "", line)
    found("the option " line " has no comment: meaning, unit, default, range")
  }
  commented = 0
}
