# SPDX-License-Identifier: Apache-2.0
# Makes the table of the microbenchmarks from the CSV of JMH.

BEGIN {
    FS = ","
    print "\n## Microbenchmarks\n\nBy JMH, one thread, on made-up records: from memory to memory. Means, with the error at 99.9 % confidence.\n"
    print "| part | million records a second | +- (%) | bytes allocated a record | garbage collections |\n|---|---:|---:|---:|---:|"
}

NR > 1 {
    gsub(/["\r]/, "")
    name = $1
    sub(/^.*bench\./, "", name)
    split(name, part, ":")
    if (name !~ /:/) {
        order[++n] = name
        score = $5 + 0
        rate[name] = $7 == "us/op" ? 1 / score : score
        wide[name] = 100 * $6 / score
    } else if (name ~ /gc\.alloc\.rate\.norm$/) {
        allocated[part[1]] = $5 + 0
    } else if (name ~ /gc\.count$/) {
        collections[part[1]] = $5 + 0
    }
}

END {
    for (i = 1; i <= n; i++)
        printf "| %s | %.1f | %.0f | %.3f | %d |\n", order[i], rate[order[i]], wide[order[i]], allocated[order[i]], collections[order[i]]
}
