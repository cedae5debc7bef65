package dev.faultline.world;

/**
 * The identity of a message in a run.
 *
 * @param step the step that sent it
 * @param position which of that step's messages it is, from 0
 */
public record MessageId(long step, int position) {

  @Override
  public String toString() {
    return step + "." + position;
  }
}
