package dev.faultline.protocol.hostmemory;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.Endpoint;

/**
 * Pages on their way out of the page tables, while the VM is told (MMU notifier).
 *
 * @param caller whoever unmaps
 */
public record Unmapping(Endpoint caller, GfnRange range) {}
