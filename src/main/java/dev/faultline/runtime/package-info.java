/**
 * A world on Akka: an event-sourced actor for each party, and a switchboard that hands out the
 * steps one at a time.
 */
@NullMarked
package dev.faultline.runtime;

import org.jspecify.annotations.NullMarked;
