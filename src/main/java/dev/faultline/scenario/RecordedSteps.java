package dev.faultline.scenario;

import dev.faultline.protocol.message.PartyId;
import dev.faultline.scenario.Scenario.RecordedStep;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.StepText;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the steps of a recorded schedule. Whether they can be taken is not known before they are.
 *
 * @param parties of the world
 */
record RecordedSteps(List<PartyId> parties, Problems problems) {

  RecordedSteps {
    parties = List.copyOf(parties);
  }

  /** The steps; a line that is none is left out, with a problem. */
  List<RecordedStep> read(List<Located<String>> lines) {
    List<RecordedStep> steps = new ArrayList<>();
    for (Located<String> line : lines) {
      switch (StepText.read(line.value(), parties)) {
        case StepText.Reading.Read read ->
            steps.add(new RecordedStep(read.step(), line.at().line()));
        case StepText.Reading.Wrong wrong -> tell(line, wrong);
      }
    }
    return steps;
  }

  private void tell(Located<String> line, StepText.Reading.Wrong wrong) {
    if (problems.isFull()) {
      return;
    }
    Position start = line.at();
    int column = start.column() + line.value().codePointCount(0, wrong.offset());
    boolean choice = wrong.known().size() > 1;
    problems.add(
        new Position(start.file(), start.line(), column),
        wrong.text() + (choice ? Nearest.hint(wrong.found(), wrong.known()) : ""));
  }
}
