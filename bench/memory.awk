# Says what resident memory is made of: one column for each copy of /proc/PID/smaps that is given.
#   -v low=ADDRESS -v high=ADDRESS   where the Java heap is, sixteen hexadecimal digits each

function padded(hex) { return substr("0000000000000000" hex, length(hex) + 1) }

FNR == 1 { column++ }

$1 ~ /^[0-9a-f]+-[0-9a-f]+$/ {
  split($1, range, "-")
  start = padded(range[1])
  if (start >= low && start < high) part = "heap"
  else if ($6 ~ /\.aot$/) part = "cache"
  else if ($6 ~ /^\//) part = "files"
  else if ($2 ~ /x/ && $6 == "") part = "code"
  else part = "rest"
}

$1 == "Rss:" {
  rss[part, column] += $2
  rss["all", column] += $2
}

END {
  says["heap"] = "Java heap"
  says["cache"] = "ahead-of-time cache: classes, and what is known of them"
  says["files"] = "the JVM, other libraries, the journal's open file"
  says["code"] = "compiled code"
  says["rest"] = "data of compiled code, compilers, metaspace, stacks, buffers"
  says["all"] = "all"
  n = split("heap cache files code rest all", parts, " ")
  for (i = 1; i <= n; i++) {
    row = "| " says[parts[i]]
    for (c = 1; c <= column; c++) row = row sprintf(" | %.0f", rss[parts[i], c] / 1024)
    print row " |"
  }
}
