package dev.faultline.protocol.message;

/**
 * What a guest's request to convert is answered: R10 of a TDVMCALL
 * (arch/x86/include/asm/shared/tdx.h).
 */
public enum TdvmcallStatus {
  SUCCESS,
  RETRY,
  INVALID_OPERAND,
  ALIGN_ERROR,
  SUBFUNC_UNSUPPORTED,
  /**
   * VMGEXIT_PSC_ERROR_GENERIC, or an error of the MSR protocol: nothing of the request is known to
   * be done (arch/x86/kvm/svm/sev.c, snp_complete_psc).
   */
  ERROR_GENERIC
}
