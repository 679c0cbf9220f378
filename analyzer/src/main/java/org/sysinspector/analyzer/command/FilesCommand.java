package org.sysinspector.analyzer.command;
import picocli.CommandLine.Command;
@Command(name="files") final class FilesCommand implements Runnable { public void run() {} }
