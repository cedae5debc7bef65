package dev.faultline.world;

/** A channel has reached its bound: a verdict about the world, not a mistake of the program. */
public final class ChannelFull extends RuntimeException {

  private static final long serialVersionUID = 1;

  ChannelFull(Channel channel, int bound) {
    super(
        "the channel "
            + channel
            + " holds "
            + bound
            + " messages, its bound, and would get another");
  }
}
