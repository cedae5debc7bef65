package dev.faultline.protocol.gmem;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.Endpoint;

/** Someone who wants to be told when a range is in use by no one any more. */
public record Watch(Endpoint who, IndexRange range) {}
