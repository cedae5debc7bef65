package dev.faultline.protocol.guest;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.View;

/** What can happen to a vCPU (arch/x86/coco/tdx/tdx.c, arch/x86/coco/sev/core.c). */
public sealed interface GuestEvent extends Event {

  /** An operation of the script began. */
  record OperationStarted(ScriptToGuest operation) implements GuestEvent {}

  /** It ended, and the script was answered. */
  record OperationEnded() implements GuestEvent {}

  /**
   * MapGPA was made, or is made again (tdx_map_gpa).
   *
   * @param gpa from where on, bytes
   * @param retries how often this address came back
   */
  record MapGpaMade(long gpa, int retries) implements GuestEvent {}

  /** The guest tells the trust anchor about pages that it is converting (pvalidate_pages). */
  record InstructionGiven(String instruction, GfnRange range) implements GuestEvent {}

  /** The guest believes that the range has this view now. */
  record ViewBelieved(GfnRange range, View view) implements GuestEvent {}

  /** The guest accepted the range (tdx_accept_memory, pvalidate_pages). */
  record RangeAccepted(GfnRange range) implements GuestEvent {}

  /** The vCPU does not run any more. */
  record VcpuStopped() implements GuestEvent {}
}
