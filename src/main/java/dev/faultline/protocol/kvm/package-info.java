/**
 * KVM, one for each VM: exits, the VM's attributes, its MMU, invalidations.
 *
 * <pre>
 *   a vCPU                                          moved by
 *
 *   in guest --touch--&gt; access under way            the guest; the mapping is there
 *   in guest --touch--&gt; fault --installed--&gt; ...    the mapping is not there (guest-fault's acts)
 *   fault    --view differs--&gt; memory fault exit    back in guest by KVM_RUN, or stopped
 *   in guest --MapGPA--&gt; hypercall exit             one exit a piece; back in guest by KVM_RUN
 *
 *   a guest mapping
 *   absent --installed--&gt; present                   a fault that is not stale
 *   present --zapped--&gt; absent                      an invalidation; answered when flushed
 * </pre>
 *
 * <p>{@link dev.faultline.protocol.kvm.KvmDecider} has a row for each message; {@code KvmTasks}
 * walks the list of an operation and has a row for each act; {@code GuestAccesses} and {@code Zaps}
 * say what the larger ones do.
 */
@NullMarked
package dev.faultline.protocol.kvm;

import org.jspecify.annotations.NullMarked;
