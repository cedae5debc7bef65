package dev.faultline.conform;

import dev.faultline.protocol.Decider;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.GmemSetup;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.message.ToGmem;

/** By what an inode of the bench decides. */
@FunctionalInterface
interface InodeRules {

  Decider<GmemState, ToGmem, GmemEvent> of(Revision revision, GmemSetup setup);
}
