package org.sysinspector.analyzer.command;
import picocli.CommandLine.Command;
@Command(name="tree") final class TreeCommand implements Runnable { public void run() {} }
