package dev.faultline.bench;

/**
 * What one search took.
 *
 * @param seconds that the search took
 * @param wall seconds that the process took, start included
 * @param bytesPerState that were kept
 */
record Figure(long states, double seconds, double wall, double bytesPerState) {

  double statesPerSecond() {
    return states / seconds;
  }
}
