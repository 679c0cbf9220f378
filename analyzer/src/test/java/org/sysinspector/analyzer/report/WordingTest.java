// SPDX-License-Identifier: Apache-2.0
// Figures, names and cuts as people read them.
package org.sysinspector.analyzer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordingTest {
    @Test
    void figuresHaveUnitsAndFewDigits() {
        assertEquals("0 B", Units.bytes(0));
        assertEquals("999 B", Units.bytes(999));
        assertEquals("1.0 KiB", Units.bytes(1000));
        assertEquals("1.5 MiB", Units.bytes(1_572_864));
        assertEquals("412 MiB", Units.bytes(412 * 1048576.0));
        assertEquals("-", Units.bytesOrDash(0));
        assertEquals("950 ns", Units.time(950));
        assertEquals("1.5 us", Units.time(1500));
        assertEquals("840 ms", Units.time(840e6));
        assertEquals("1.0 s", Units.time(999.9e6));
        assertEquals("30.0 s", Units.time(30e9));
        assertEquals("2 min 5 s", Units.time(125e9));
        assertEquals("3 h 25 min", Units.time(12300e9));
        assertEquals("4,960", Units.count(4960));
        assertEquals("39 M", Units.count(38_914_220));
        assertEquals("1 exec", Units.things(1, "exec", "execs"));
    }

    @Test
    void aShareIsNeverRoundedToNothingOrAll() {
        assertEquals("0 %", Units.percent(0));
        assertEquals("under 0.1 %", Units.percent(0.00001));
        assertEquals("0.3 %", Units.percent(0.003));
        assertEquals("91 %", Units.percent(0.9123));
        assertEquals("99.7 %", Units.percent(0.997));
        assertEquals("over 99.9 %", Units.percent(0.99999));
        assertEquals("100 %", Units.percent(1));
    }

    @Test
    void aScriptIsCalledByItsOwnName() {
        assertEquals("backup.sh", CommandName.of("sh", "sh -e /srv/backup.sh --all"));
        assertEquals("tool.py", CommandName.of("python3", "/usr/bin/python3.11 /opt/tool.py"));
        assertEquals("sh", CommandName.of("sh", "sh -c cat /etc/passwd"));
        assertEquals("bash", CommandName.of("bash", "bash /dev/fd/3"));
        assertEquals("bash", CommandName.of("bash", "-bash"));
        assertEquals("tar", CommandName.of("tar", "tar cf /x /srv"));
        assertEquals("sh backup.sh --all", CommandName.plain("/bin/sh /srv/backup.sh --all"));
        assertEquals("tar cf /x /srv", CommandName.plain("/usr/bin/tar cf /x /srv"));
        assertEquals("sh -c cat /etc/passwd", CommandName.plain("/bin/sh -c cat /etc/passwd"));
        assertEquals("cat source/...", CommandName.common("cat", List.of("cat source/1.c", "cat source/2.c")));
        assertEquals("cat ...", CommandName.common("cat", List.of("cat a", "/bin/cat a")));
    }

    @Test
    void cutsKeepWhatMatters() {
        assertEquals("/var/backup/db.tar", Fit.middle("/var/backup/db.tar", 18));
        assertEquals("/var/...kup/db.tar", Fit.middle("/var/long/backup/db.tar", 18));
        assertEquals("tar cf...", Fit.end("tar cf /x /srv", 9));
        assertEquals("a > b > c", Fit.chain(List.of("a", "b", "c"), 9));
        assertEquals("... > c", Fit.chain(List.of("aaa", "bbb", "c"), 9));
    }
}
