package org.sysinspector.analyzer.command;
import picocli.CommandLine.Command;
@Command(name="spikes") final class SpikesCommand implements Runnable { public void run() {} }
