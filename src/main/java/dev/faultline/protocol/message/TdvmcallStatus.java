package dev.faultline.protocol.message;

/** R10 of a TDVMCALL's answer (arch/x86/include/asm/shared/tdx.h). */
public enum TdvmcallStatus {
  SUCCESS,
  RETRY,
  INVALID_OPERAND,
  ALIGN_ERROR,
  SUBFUNC_UNSUPPORTED
}
