// SPDX-License-Identifier: Apache-2.0
// Names and cuts as people read them.
package org.sysinspector.analyzer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordingTest {
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
