/**
 * Reads the YAML files that users write: scenarios, modes, revisions, VMMs and guests.
 *
 * <p>A codec tells the form of its file once, as a {@link dev.faultline.scenario.yaml.Shape} built
 * from {@link dev.faultline.scenario.yaml.Shapes}. The shape reads, says what is wrong and where,
 * and gives the JSON Schema; the three cannot disagree. A {@link dev.faultline.scenario.yaml.Field}
 * is a constant: it declares a key, and it is what the value is asked for, so that a codec has
 * neither strings twice nor casts:
 *
 * <pre>{@code
 * static final Field<String> STORY = Field.required("story", Shapes.text(), "what happens");
 * static final Field<Long> SEED =
 *     Field.withDefault("seed", Shapes.integer(0, 99), 1L, "of the random schedule");
 *
 * static final Shape<Line> LINE =
 *     Shapes.verb(
 *             "verb",
 *             List.of(
 *                 Verb.<Action>with("dma-map", Shapes.range().map(DmaMap::new), "a range"),
 *                 Verb.<Action>alone("sync", new Sync(), "waits until DMA is done")),
 *             List.of(NAME))
 *         .map(said -> new Line(said.at(), said.value(), said.beside().get(NAME)));
 *
 * static final Field<List<Line>> SCRIPT =
 *     Field.required("script", Shapes.nonEmpty(LINE), "what is done");
 *
 * static final Shape<Scenario> SCENARIO =
 *     Shapes.object(
 *         "scenario",
 *         List.of(STORY, SEED, SCRIPT),
 *         values -> new Scenario(values.get(STORY), values.get(SEED), values.get(SCRIPT)));
 *
 * Problems problems = new Problems();
 * Optional<Scenario> scenario =
 *     YamlSource.readFile(path, problems)
 *         .flatMap(source -> YamlDocument.parse(source, problems))
 *         .flatMap(node -> SCENARIO.decode(node, problems));
 * if (!problems.isEmpty()) {
 *   // a value may be there as well: print problems.render(), exit 2
 * }
 * }</pre>
 *
 * <p>What a user can write never causes an exception; what a codec declares wrongly (two fields of
 * one name, two shapes of one name, a value asked for that was not declared) does.
 */
@NullMarked
package dev.faultline.scenario.yaml;

import org.jspecify.annotations.NullMarked;
