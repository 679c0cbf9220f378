package org.sysinspector.analyzer;
import java.nio.file.*;
public class Scratch { public static void main(String[] a) throws Exception { Fixture.of(a[0]).write(Path.of(a[1])); } }
