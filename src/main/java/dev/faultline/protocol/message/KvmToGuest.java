package dev.faultline.protocol.message;

/** What a vCPU learns when it runs on. */
public sealed interface KvmToGuest extends ToGuest {

  /** The access is done, or can never be. */
  record Touched(Result result) implements KvmToGuest {}

  /**
   * MapGPA's answer.
   *
   * @param status R10
   * @param gpa R11: first address that is not known to be done; meaningless on success
   */
  record MapGpaReturned(TdvmcallStatus status, long gpa) implements KvmToGuest {}

  /** The vCPU is not run again. */
  record Stopped(Result result) implements KvmToGuest {}
}
