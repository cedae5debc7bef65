package dev.faultline.protocol.message;

/** What a party tells its script; it is no party, so it hears it within the same step. */
public sealed interface ToScript extends Message {

  /** The operation that the script started has ended. */
  record Answered(Result result) implements ToScript {}
}
