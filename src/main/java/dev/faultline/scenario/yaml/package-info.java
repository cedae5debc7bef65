/**
 * How YAML files are read. One definition, a {@link dev.faultline.scenario.yaml.Shape}, gives the
 * decoder, its messages and the JSON Schema for editors:
 *
 * <pre>
 *   static final Field&lt;String&gt; NAME = Field.required("name", Shapes.text(), "as in --guest");
 *   static final Field&lt;Long&gt; RETRIES = Field.withDefault("retries", Shapes.integer(0, 99), 3L, "...");
 *   static final Shape&lt;Guest&gt; SHAPE =
 *       Shapes.object("guest", List.of(NAME, RETRIES), v -&gt; new Guest(v.get(NAME), v.get(RETRIES)));
 * </pre>
 *
 * <p>All mistakes of a file are collected in {@link dev.faultline.scenario.yaml.Problems}, each
 * with its place, what was expected, what was found and the nearest word.
 */
@NullMarked
package dev.faultline.scenario.yaml;

import org.jspecify.annotations.NullMarked;
