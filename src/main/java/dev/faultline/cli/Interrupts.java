package dev.faultline.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C for a command that ends with what it has: the JVM waits until that is told. */
final class Interrupts {

  /** So long it may take once Ctrl-C was pressed. */
  private static final int PATIENCE_SECONDS = 20;

  private static final CountDownLatch TOLD = new CountDownLatch(1);

  private Interrupts() {}

  /**
   * From now on Ctrl-C is told to a command.
   *
   * @param stop makes the command come to its end soon
   */
  static void tell(Runnable stop) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.run();
                  try {
                    boolean inTime = TOLD.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    if (!inTime) {
                      System.err.println("faultline: stopped before it could say what it has");
                    }
                  } catch (InterruptedException _) {
                    // The JVM ends anyway.
                  }
                }));
  }

  /** All that the process has to say is said. */
  static void told() {
    TOLD.countDown();
  }
}
