package org.sysinspector.analyzer.command;
import picocli.CommandLine.Command;
@Command(name="report") final class ReportCommand implements Runnable { public void run() {} }
