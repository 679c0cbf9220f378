# SPDX-License-Identifier: Apache-2.0
# Makes the tables of the benchmark's report. Input: "missing TOOL" or "WORKLOAD TOOL OPERATIONS SECONDS KEPT BYTES CPU" a run;
# of the long runs what bench/flood.sh says, of the parts of the cost what bench/floor.sh says.

BEGIN {
    BUSY = 5 # percent of the CPU time used by others
    title["bytes"] = "One-byte read and write|Program dd copies from /dev/zero to /dev/null, a byte at a time; an operation is a read or a write"
    title["mix"] = "Compile, tar, find|Small C files, the headers of the system packed, a walk over /usr; an operation is a read, a write, an open or an exec"
    title["forks"] = "Fork and exec storm|One process starts /bin/true, over and over; an operation is a fork, an exec or an exit"
    title["writers"] = "Four writers on two cores|Four processes write bytes to /dev/null as fast as they can; an operation is a write"
    title["churn"] = "Open and close|One file opened and closed, over and over; an operation is an open"
    order = "bytes mix forks writers churn"
}

$1 == "missing" { missing[$2] = 1; next }
$1 == "name" { name[$2] = substr($0, length($1 " " $2 " ") + 1); next }

$1 == "flood" {
    flood[$2] = 1
    flood_operations[$2] = $3
    flood_seconds[$2] = $4
    flood_kept[$2] = $5
    flood_cpu[$2] = $6
    flood_memory[$2] = $7
    next
}
$1 == "rolled" { seen[$2] = $3; lost[$2] = $4; rows[$2] = $5; meanwhile[$2] = $6; roller_cpu[$2] = $7; rolled_seconds[$2] = $8; next }
$1 == "still" { still = 1; percent = $2; memory = $3; attached = $4; events = $5; still_seconds = $6; next }

$1 == "step" {
    step_rounds[$2] = $4
    if ($3 != "nothing") {
        if (step_name) # the untraced run between two steps failed: neither counts
            delete step_before[$2, "wall"]
        step_name = $3
        step["wall"] = $6 / $5
        step["cpu"] = $7 / $5
        next
    }
    step_now["wall"] = $6 / $5
    step_now["cpu"] = $7 / $5
    step_untraced[$2, ++step_untraced_runs[$2]] = step_now["wall"]
    if (step_name && ($2, "wall") in step_before) {
        i = ++step_runs[$2, step_name]
        for (clock in step_now)
            step_ratio[$2, step_name, clock, i] = 2 * step[clock] / (step_before[$2, clock] + step_now[clock])
    }
    for (clock in step_now)
        step_before[$2, clock] = step_now[clock]
    step_name = ""
    next
}
$1 == "parquet" && $2 == "rows" { parquet_rows = $3; next }
$1 == "parquet" { kind[++kinds] = $2; parquet[$2] = $3; least[$2] = $4; next }

{
    key = $1 SUBSEP $2
    i = ++runs[key]
    operations[key, i] = $3
    pace[key, i] = $4 / $3
    seconds[key, i] = $4
    kept[key, i] = $5
    bytes[key, i] = $6
    cpu[key, i] = $7
}

# Sorts list[1..n], returns the median.
function median(list, n,    i, j, value) {
    for (i = 2; i <= n; i++) {
        value = list[i]
        for (j = i - 1; j > 0 && list[j] > value; j--)
            list[j + 1] = list[j]
        list[j + 1] = value
    }
    return n == 0 ? 0 : n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

function middle(values, key,    i, list) {
    for (i = 1; i <= runs[key]; i++)
        list[i] = values[key, i]
    return median(list, runs[key])
}

function at_least_zero(x) { return x > 0 ? x : 0 }

# How many times as long as the untraced run of the same round a tool takes.
function slowdown(key, untraced,    i, list) {
    if (runs[key] != runs[untraced])
        return middle(pace, key) / middle(pace, untraced)
    for (i = 1; i <= runs[key]; i++)
        list[i] = pace[key, i] / pace[untraced, i]
    return median(list, runs[key])
}

# The columns that are about what was kept, for a tool and a workload.
function kept_columns(key, idle,    i, shares, sizes, costs, n, k) {
    for (i = 1; i <= runs[key]; i++) {
        k = kept[key, i]
        shares[i] = operations[key, i] > 0 ? 100 * k / operations[key, i] : -1
        if (k > 0) {
            sizes[++n] = (bytes[key, i] - middle(bytes, idle)) / k
            costs[n] = (cpu[key, i] - middle(cpu, idle)) / k * 1e6
        }
    }
    return sprintf("%s | %s | %s", shares[1] < 0 ? "-" : sprintf("%.1f", median(shares, runs[key])),
        n ? beyond("%.1f", median(sizes, n)) : "-", n ? beyond("%.2f", median(costs, n)) : "-")
}

# How far apart the slowest and the fastest untraced run are, in percent: what a difference must exceed to mean anything.
function spread(key,    i, least, most) {
    least = most = pace[key, 1]
    for (i = 2; i <= runs[key]; i++) {
        if (pace[key, i] < least) least = pace[key, i]
        if (pace[key, i] > most) most = pace[key, i]
    }
    return 100 * (most / least - 1)
}

# What is not more than in an idle run is not known, rather than nothing.
function beyond(format, x) { return x > 0 ? sprintf(format, x) : "-" }

function ratio(x) { return sprintf(x < 10 ? "%.2f" : "%.0f", x) }

function rate(tool) { return flood_operations[tool] / flood_seconds[tool] }

function mib(bytes) { return sprintf("%.0f", bytes / 1048576) }

# What one flood under each tool gave.
function flood_table(    list, n, t, tool, share, cost) {
    print "## A flood at full rate\n"
    print "Four processes on two CPUs write bytes to /dev/null as fast as they can, for a fixed time; one run a tool. Of sys-inspector"
    print "the operations kept are by its own count (a test compares that with the kernel's), of the reference those in its file."
    print "CPU is that of the recorder, start and end taken off; memory the most of its own (RssAnon).\n"
    print "| tool | seconds | million operations/s | slowdown (x) | operations kept (%) | recorder CPU s per million | memory (MiB) |"
    print "|---|---:|---:|---:|---:|---:|---:|"
    n = split("untraced reference no_roll", list, " ")
    for (t = 1; t <= n; t++) {
        tool = list[t]
        if (!(tool in flood)) {
            printf "| %s | failed | | | | | |\n", name[tool]
            continue
        }
        printf "| %s | %.0f | %.2f | %s |", name[tool], flood_seconds[tool], rate(tool) / 1e6,
            "untraced" in flood ? ratio(rate("untraced") / rate(tool)) : "-"
        if (tool == "untraced") {
            print " | | |"
            continue
        }
        share = flood_kept[tool] / flood_operations[tool]
        cost = flood_kept[tool] > 0 ? beyond("%.3f", (flood_cpu[tool] - middle(cpu, "idle" SUBSEP tool)) / flood_kept[tool] * 1e6) : "-"
        printf " %.2f | %s | %s |\n", 100 * (share < 1 ? share : 1), cost, flood_memory[tool] ? mib(flood_memory[tool]) : ""
    }
    print ""
}

# Median and quartiles of what a step of a load costs, by a clock, beside the untraced runs around it: two columns. Leaves the
# median in step_median.
function step_columns(load, step, clock,    ratios, m, i, quarter) {
    m = step_runs[load, step]
    for (i = 1; i <= m; i++)
        ratios[i] = step_ratio[load, step, clock, i]
    if (!m)
        return " failed | |"
    step_median = median(ratios, m)
    quarter = int((m + 3) / 4)
    return sprintf(" %.2f | %.2f to %.2f |", step_median, ratios[quarter], ratios[m + 1 - quarter])
}

# The steps of one load.
function step_table(load, steps,    list, n, i, all, base, last) {
    print "| attached | slowdown (x) | quartiles |" (load == "bytes" ? " ns an operation | more than the step before |" : " CPU time (x) | quartiles |")
    print "|---|---:|---:|---:|---:|"
    for (i = 1; i <= step_untraced_runs[load]; i++)
        all[i] = step_untraced[load, i]
    base = step_untraced_runs[load] ? median(all, step_untraced_runs[load]) * 1e9 : 0
    last = base
    printf "| %s | 1.00 | |%s\n", name["nothing"], load == "bytes" ? sprintf(" %.0f | |", base) : " 1.00 | |"
    n = split(steps, list, " ")
    for (i = 1; i <= n; i++) {
        printf "| %s |%s", name[list[i]], step_columns(load, list[i], "wall")
        if (load != "bytes") {
            print step_columns(load, list[i], "cpu")
        } else if (!step_runs[load, list[i]]) {
            print " | |"
        } else {
            printf " %.0f | %s |\n", step_median * base, list[i] == "no_latency" ? "" : sprintf("%+.0f", step_median * base - last)
            last = step_median * base
        }
    }
    print ""
}

# What the cost of a small operation and of the mix is made of.
function step_tables() {
    print "## What the cost is made of\n"
    print "The one-byte read and write again, with more attached from step to step, in " step_rounds["bytes"] " short rounds, each step beside the untraced runs"
    print "just before and after it. Half of the rounds lie between the quartiles. The programs of the recorder under the C reference, which only"
    print "copies. No recorder that tells how long a call took can do without the first four. The last step is not on top of the others.\n"
    step_table("bytes", byte_steps)
    print "The same of the mix, in " step_rounds["mix"] " rounds, also by the CPU time of its programs, which waits for no disk.\n"
    step_table("mix", mix_steps)
}

# What a row of Parquet is made of.
function parquet_table(    i, k, all, all_least) {
    print "## What a row of Parquet is made of\n"
    print "The tables of one recording of the mix, by kind of column. Least of times and latencies: their entropy, where a code knows how often each"
    print "magnitude occurs and nothing else. Least of names: each once, at the best level of ZSTD; the tables have names where they are"
    print "asked for, most of them twice. Of the others no such figure is known; they count as they are.\n"
    print "| bytes a row | in the files | least |"
    print "|---|---:|---:|"
    about["times"] = "times (ns)"
    about["latencies"] = "latencies (ns)"
    about["names"] = "names of files and programs"
    about["files"] = "device, inode, generation, type of file"
    about["transfers"] = "offset, bytes, result"
    about["threads"] = "process, execution, thread"
    about["others"] = "all other columns"
    about["footers"] = "headers, footers, indexes"
    for (i = 1; i <= kinds; i++) {
        k = kind[i]
        all += parquet[k]
        all_least += least[k] == "-" ? parquet[k] : least[k]
        printf "| %s | %.2f | %s |\n", about[k], parquet[k] / parquet_rows, least[k] == "-" ? "" : sprintf("%.2f", least[k] / parquet_rows)
    }
    if (parquet_rows)
        printf "| all, in %d rows | %.2f | %.2f |\n", parquet_rows, all / parquet_rows, all_least / parquet_rows
    else
        print "| failed | | |"
    print ""
}

# The flood with rolling on, and the recorder with nothing to do.
function other_long_runs(    list, n, i, w, writers) {
    print "## Rolling beside a flood\n"
    print "The same flood with rolling on, and one writer, which leaves the roller what the reader does not take of the other CPU: events of class io,"
    print "and rows by the CPU time of the roller's thread alone (without the compilers of the JVM).\n"
    print "| writers | seconds | million events/s | lost (%) | million rows rolled meanwhile | in all | million rows a CPU second |"
    print "|---|---:|---:|---:|---:|---:|---:|"
    writers["single"] = "one"
    writers["flood"] = "four"
    n = split("single flood", list, " ")
    for (i = 1; i <= n; i++) {
        w = list[i]
        if (roller_cpu[w] > 0)
            printf "| %s | %.0f | %.2f | %.2f | %.1f | %.1f | %.2f |\n", writers[w], rolled_seconds[w], seen[w] / rolled_seconds[w] / 1e6,
                100 * lost[w] / seen[w], meanwhile[w] / 1e6, rows[w] / 1e6, rows[w] / roller_cpu[w] / 1e6
        else
            printf "| %s | failed | | | | | |\n", writers[w]
    }
    print "\n## Nothing to do\n"
    print "A recording of the machine as it is. CPU is that of the recorder's process after its start; memory the most of its own"
    print "(RssAnon) until the end of rolling; attached: from the start of the process until all programs are.\n"
    print "| seconds | CPU of one core (%) | memory (MiB) | attached (s) | rows recorded |"
    print "|---:|---:|---:|---:|---:|"
    if (still)
        printf "| %d | %.2f | %s | %.2f | %d |\n", still_seconds, percent, mib(memory), attached, events
    else
        print "| failed | | | | |"
}

END {
    if (others + 0 > BUSY)
        print "**The machine was not quiet: take these figures for a trial.**\n"
    count = split(tools, tool, " ")
    workloads = split(order, workload, " ")
    for (w = 1; w <= workloads; w++) {
        split(title[workload[w]], words, "|")
        untraced = workload[w] SUBSEP "untraced"
        printf "## %s\n\n%s.", words[1], words[2]
        if (untraced in runs && runs[untraced] > 1)
            printf " The untraced runs differ by %.0f %%.", spread(untraced)
        print "\n"
        print "| tool | slowdown (x) | operations kept (%) | bytes an operation | recorder CPU s per million |"
        print "|---|---:|---:|---:|---:|"
        for (t = 1; t <= count; t++) {
            key = workload[w] SUBSEP tool[t]
            if (tool[t] in missing)
                printf "| %s | not installed | | | |\n", name[tool[t]]
            else if (!(key in runs) || !(untraced in runs))
                printf "| %s | failed | | | |\n", name[tool[t]]
            else if (tool[t] == "untraced")
                printf "| untraced | 1.00 | | | |\n"
            else
                printf "| %s%s | %s | %s |\n", name[tool[t]], (runs[key] < rounds ? " (" runs[key] " of " rounds " runs)" : ""),
                    ratio(slowdown(key, untraced)), kept_columns(key, "idle" SUBSEP tool[t])
        }
        print ""
    }
    print "## Start and end\n\nA run on a command that does nothing. The bytes and the CPU seconds here are taken off those above; a dash there: no\nmore than an idle run, by this measure.\n"
    print "| tool | CPU s | bytes |\n|---|---:|---:|"
    for (t = 1; t <= count; t++) {
        key = "idle" SUBSEP tool[t]
        if (key in runs && tool[t] != "untraced")
            printf "| %s | %.2f | %d |\n", name[tool[t]], at_least_zero(middle(cpu, key)), middle(bytes, key)
    }
    print ""
    step_tables()
    parquet_table()
    flood_table()
    other_long_runs()
}
