// SPDX-License-Identifier: Apache-2.0
// What to call a process in a few letters.
package org.sysinspector.analyzer.report;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to call a process: its name, or the script that an interpreter was given. */
final class CommandName {
    private static final Pattern SCRIPT = Pattern.compile(
            "(?:\\S*/)?(?:(?:ba|da|z|k)?sh|python[0-9.]*|perl|ruby|node)((?: -[a-zA-Z]*)*) ([^- ]\\S*)(?: .*)?");

    private CommandName() {}

    /** Returns the short name: {@code backup.sh} for {@code sh -e /srv/backup.sh}, else the name of the process. */
    static String of(String comm, String command) {
        Matcher script = SCRIPT.matcher(command);
        // After -c stands a program's text, not its name; /dev/fd/N names nothing.
        if (!script.matches() || script.group(1).contains("c") || script.group(2).startsWith("/dev/")) {
            return comm;
        }
        String path = script.group(2);
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.isEmpty() ? comm : name;
    }

    /** Returns the command with the names of program and script in place of their paths. */
    static String plain(String command) {
        Matcher script = SCRIPT.matcher(command);
        if (script.matches() && !script.group(1).contains("c") && !script.group(2).startsWith("/dev/")) {
            int slash = command.lastIndexOf('/', script.end(2) - 1);
            boolean inside = slash >= script.start(2) && slash < script.end(2) - 1;
            return plainProgram(inside
                    ? command.substring(0, script.start(2)) + command.substring(slash + 1) : command);
        }
        return plainProgram(command);
    }

    private static String plainProgram(String command) {
        int space = command.indexOf(' ');
        String program = space < 0 ? command : command.substring(0, space);
        String name = program.substring(program.lastIndexOf('/') + 1);
        return name.isEmpty() ? command : name + command.substring(program.length());
    }

    /** Returns what several commands begin with, and dots; the name they share if that says more. */
    static String common(String name, List<String> commands) {
        String first = commands.stream().min(String::compareTo).orElse("");
        String last = commands.stream().max(String::compareTo).orElse("");
        int same = 0;
        while (same < Math.min(first.length(), last.length()) && first.charAt(same) == last.charAt(same)) {
            same++;
        }
        String prefix = plain(first.substring(0, same));
        return prefix.length() > name.length() ? prefix + "..." : name + " ...";
    }
}
