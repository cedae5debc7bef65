package dev.faultline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The yardstick in Promela, searched by SPIN breadth first, by one core, with no reduction. */
final class Spin {

  private Spin() {}

  /** Whether SPIN and a compiler for what it writes are installed. */
  static boolean isInstalled() throws IOException {
    return isInstalled("spin", "-V") && isInstalled("gcc", "--version");
  }

  private static boolean isInstalled(String... command) throws IOException {
    try {
      return Forked.run(Path.of(""), List.of(command)).exitCode() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /** A search of the yardstick. */
  static Figure search(Path resources, int pages, int threads, int bug) throws IOException {
    Path folder = Files.createTempDirectory("spin");
    try {
      Files.copy(resources.resolve("yardstick.pml"), folder.resolve("yardstick.pml"));
      Forked.need(
          folder,
          List.of("spin", "-DN=" + pages, "-DT=" + threads, "-DBUG=" + bug, "-a", "yardstick.pml"));
      Forked.need(
          folder,
          List.of(
              "gcc",
              "-O2",
              "-DSAFETY",
              "-DNOREDUCE",
              "-DBFS",
              "-DMEMLIM=21000",
              "-o",
              "pan",
              "pan.c"));
      List<String> pan = new ArrayList<>(List.of("./pan", pages * threads < 8 ? "-w24" : "-w25"));
      Forked.Ended ended = Forked.need(folder, pan);
      long states = (long) ended.number("([0-9.e+]+) states, stored");
      double megabytes = ended.number("([0-9.]+)\\s+total actual memory usage");
      return new Figure(states, ended.seconds(), ended.seconds(), megabytes * (1 << 20) / states);
    } finally {
      Forked.delete(folder);
    }
  }
}
