package dev.faultline.protocol.anchor;

import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.ToAnchor;

/** Somebody called while the anchor was at another call. */
public record Call(Endpoint from, ToAnchor message) {}
