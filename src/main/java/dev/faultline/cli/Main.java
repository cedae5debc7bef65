package dev.faultline.cli;

/** The command line of Faultline. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.out.println("faultline");
  }
}
