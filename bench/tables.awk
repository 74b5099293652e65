# Turns the lines of bench/load (round, scenario, server, name=value ...) into tables in Markdown.
# Medians of the rounds; a ratio is one of medians.

BEGIN {
  scenarios = split("chat-1k chat-20k burst burst-unasked slow cross cross-burst rate", order, " ")
  says["chat-1k"] = "chat, 1 kB, relayed"
  says["chat-20k"] = "chat, 20 kB, relayed"
  says["burst"] = "50 chunks in one burst, relayed"
  says["burst-unasked"] = "the same, usage not asked for by the caller"
  says["slow"] = streams " streams, 50 chunks 20 ms apart"
  says["cross"] = "chat, 1 kB, Chat to Messages"
  says["cross-burst"] = "50 chunks in one burst, Chat to Messages"
  says["rate"] = "chat, 1 kB, " rate " requests/s"
  target["chat-1k"] = 1.8
  target["chat-20k"] = 2.2
  target["burst"] = 1.5
  target["slow"] = 1.25
  target["cross"] = target["cross-burst"] = 3
  relay["cross"] = "chat-1k"
  relay["cross-burst"] = "burst"
}

{
  for (i = 4; i <= NF; i++) {
    split($i, pair, "=")
    if ($1 ~ /^[0-9]+$/) value[$2, $3, pair[1], ++count[$2, $3, pair[1]]] = pair[2]
    else if ($1 == "fresh") fresh[pair[1]] = pair[2]
    if (pair[1] == "bad" && ($1 != "warm" || $2 != "rate")) bad[$2, $3] += pair[2]
    if (pair[1] == "good") good[$2, $3] += pair[2]
    if (pair[1] == "peak" && $3 == "understudy" && pair[2] + 0 > peak + 0) peak = pair[2]
  }
  if ($1 ~ /^[0-9]+$/) ran[$2, $3]++
}

function sorted(list, n,    i, j, v) {
  for (i = 2; i <= n; i++) {
    v = list[i]
    for (j = i - 1; j > 0 && list[j] > v; j--) list[j + 1] = list[j]
    list[j + 1] = v
  }
}

function fill(scenario, server, name,    i, n) {
  n = count[scenario, server, name]
  for (i = 1; i <= n; i++) all[i] = value[scenario, server, name, i] + 0
  sorted(all, n)
  return n
}

function middle(n) {
  return n % 2 ? all[(n + 1) / 2] : (all[n / 2] + all[n / 2 + 1]) / 2
}

function median(scenario, server, name,    n) {
  n = fill(scenario, server, name)
  return n ? middle(n) : 0
}

# Median and range of CPU time a request, in microseconds.
function cpu(scenario, server,    n) {
  n = fill(scenario, server, "cpu")
  return n ? sprintf("%.1f (%.1f–%.1f)", middle(n), all[1], all[n]) : "–"
}

function over(a, b) {
  return a > 0 && b > 0 ? sprintf("%.2f", a / b) : "–"
}

# What holding costs, round by round: what else went on then burdened both.
function each_round(scenario,    i, line) {
  for (i = 1; i <= count[scenario, "held", "cpu"]; i++)
    line = line (i > 1 ? " " : "") over(value[scenario, "held", "cpu", i], value[scenario, "understudy", "cpu", i])
  return line
}

function errors(scenario) {
  return bad[scenario, "nginx"] + bad[scenario, "understudy"] + bad[scenario, "held"]
}

function micros(v) {
  return v > 0 ? sprintf("%.0f", v) : "–"
}

END {
  print "CPU time of the server's processes for each request, in µs: the median of the rounds, and their range."
  print ""
  print "| | nginx | Understudy | ratio to nginx | ratio to its own relay | wanted | errors |"
  print "| --- | --- | --- | --- | --- | --- | --- |"
  for (s = 1; s <= scenarios; s++) {
    name = order[s]
    if (!ran[name, "understudy"]) continue
    mine = median(name, "understudy", "cpu")
    printf "| %s | %s | %s | %s | %s | %s | %d |\n", says[name], cpu(name, "nginx"), cpu(name, "understudy"), \
      over(mine, median(name, "nginx", "cpu")), \
      name in relay ? over(mine, median(relay[name], "understudy", "cpu")) : "–", \
      name in target ? "≤ " target[name] : "–", errors(name)
    shown++
    if (!good[name, "understudy"]) failed = 1
  }
  for (s = 1; s <= scenarios; s++) {
    name = order[s]
    if (!ran[name, "held"]) continue
    if (!holds++) {
      print ""
      print "The same with a key, limits, a budget, capacity terms and fallbacks, by a second process in the same rounds."
      print ""
      print "| | Understudy | held | ratio | ratio of each round | wanted |"
      print "| --- | --- | --- | --- | --- | --- |"
    }
    printf "| %s | %s | %s | %s | %s | %s |\n", says[name], cpu(name, "understudy"), cpu(name, "held"), \
      over(median(name, "held", "cpu"), median(name, "understudy", "cpu")), each_round(name), "≤ 1.15"
    if (!good[name, "held"]) failed = 1
  }
  print ""
  print "Requests a second with the core to itself, and latency from the intended moment of sending, in µs."
  print ""
  print "| | nginx, req/s | p50 | p99 | first byte p99 | Understudy, req/s | p50 | p99 | first byte p99 |"
  print "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
  for (s = 1; s <= scenarios; s++) {
    name = order[s]
    if (!ran[name, "understudy"]) continue
    row = "| " says[name]
    for (w = 1; w <= 2; w++) {
      who = w == 1 ? "nginx" : "understudy"
      row = row " | " micros(median(name, who, "rps")) " | " micros(median(name, who, "p50")) \
        " | " micros(median(name, who, "p99")) " | " micros(median(name, who, "first99"))
    }
    print row " |"
  }
  print ""
  print "| | measured | wanted |"
  print "| --- | --- | --- |"
  if (ran["rate", "nginx"])
    printf "| p99 added to nginx's at %d requests/s | %.0f µs | < 1000 µs |\n", rate, \
      median("rate", "understudy", "p99") - median("rate", "nginx", "p99")
  n = split(times, all, " ")
  if (n) {
    for (i = 1; i <= n; i++) all[i] += 0
    sorted(all, n)
    printf "| start to first answer, median of %d (range) | %d ms (%d–%d) | < 1000 ms |\n", n, middle(n), all[1], all[n]
  }
  printf "| resident, idle after a first answer | %d MiB | ≤ 128 MiB |\n", idle
  printf "| resident with %d open streams, fresh process | %d MiB | ≤ 256 MiB |\n", streams, fresh["rss"]
  if (ran["slow", "understudy"])
    printf "| resident with %d open streams, after all other load | %d MiB | ≤ 256 MiB |\n", streams, \
      median("slow", "understudy", "rss")
  printf "| resident, idle after all load | %d MiB | – |\n", after
  printf "| resident, the most at any time | %d MiB | – |\n", peak
  print ""
  for (key in count) {
    split(key, part, SUBSEP)
    if (part[3] != "others" && part[3] != "stolen") continue
    for (i = 1; i <= count[key]; i++) noise[part[3]] = noise[part[3]] > value[key, i] + 0 ? noise[part[3]] : value[key, i] + 0
  }
  printf "Disturbance: other processes took at most %.0f %% of one core in any measurement, the hypervisor %.0f %%.\n", \
    noise["others"], noise["stolen"]
  exit failed || !shown
}
