/**
 * The command line: one file a command, all of them listed in {@link dev.faultline.cli.Faultline}.
 *
 * <p>Results go to standard output and talk to standard error. A command answers with one of the
 * numbers in {@link dev.faultline.cli.ExitCode}.
 */
@NullMarked
package dev.faultline.cli;

import org.jspecify.annotations.NullMarked;
