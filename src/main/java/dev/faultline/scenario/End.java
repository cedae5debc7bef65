package dev.faultline.scenario;

import dev.faultline.property.Views;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.View;
import dev.faultline.world.Holders;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.ScriptState;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a world has ended in which nothing can move. Worlds that ended alike have equal ends.
 *
 * @param columns what each script returned, in the order of the scenario
 * @param privates the pages that are private, by the attribute that the revision goes by
 * @param pageCount how many pages there are
 * @param mapped the page tables that have pages of the file, and which
 * @param guest the pages that the guest has mapped, private and shared ones apart
 * @param pinned whose pins hold pages of the file, and which
 */
public record End(
    List<Column> columns,
    List<IndexRange> privates,
    long pageCount,
    List<Holders.Holder> mapped,
    List<GuestMapping> guest,
    List<Holders.Holder> pinned) {

  public End {
    columns = List.copyOf(columns);
    privates = List.copyOf(privates);
    mapped = List.copyOf(mapped);
    guest = List.copyOf(guest);
    pinned = List.copyOf(pinned);
  }

  /** What the lines of one script returned. */
  public record Column(PartyId party, List<Returned> lines) {
    public Column {
      lines = List.copyOf(lines);
    }
  }

  /**
   * What a line returned.
   *
   * @param name the line's name, made up where the scenario gives none
   * @param action what it did
   * @param answers one for each try; empty if it has none
   */
  public record Returned(String name, ScriptAction action, List<Result> answers) {
    public Returned {
      answers = List.copyOf(answers);
    }

    /** In the words of {@link EndText}. */
    public String text() {
      return EndText.of(action, answers);
    }
  }

  /** Pages that the guest has mapped. */
  public record GuestMapping(GfnRange pages, View view) {}

  /** How a world has ended. */
  public static End of(World world) {
    IndexRange whole = new IndexRange(0, world.setup().pageCount());
    List<GuestMapping> guest = new ArrayList<>();
    for (View view : View.values()) {
      world
          .kvm()
          .mmu(view)
          .runs(world.setup().ram())
          .forEach(run -> guest.add(new GuestMapping(run.range(), view)));
    }
    List<Holders.Holder> holders = Holders.of(world, whole);
    return new End(
        columns(world),
        Views.privates(world, whole),
        whole.pageCount(),
        holders.stream().filter(End::isMapping).toList(),
        guest,
        holders.stream().filter(holder -> !isMapping(holder)).toList());
  }

  private static boolean isMapping(Holders.Holder holder) {
    return holder.how() == Holders.How.MAPPED;
  }

  private static List<Column> columns(World world) {
    List<Column> columns = new ArrayList<>();
    for (Script script : world.setup().scripts()) {
      ScriptState state = world.scripts().get(script.party());
      List<Returned> lines = new ArrayList<>();
      for (int index = 0; index < script.lines().size(); index++) {
        ScriptLine line = script.lines().get(index);
        // Calls that the revision adds give memory its first view; what only waits returns nothing.
        if (line.line() > 0 && line.action().told().isPresent()) {
          lines.add(new Returned(line.name(), line.action(), state.answers(index)));
        }
      }
      if (!lines.isEmpty()) {
        columns.add(new Column(script.party(), lines));
      }
    }
    return columns;
  }

  /** In a line: what was returned, script by script, then the view of each page. */
  public String text() {
    String returned =
        columns.stream()
            .map(
                column ->
                    column.lines().stream().map(Returned::text).collect(Collectors.joining(", ")))
            .collect(Collectors.joining(" | "));
    return returned + "   " + EndText.views(privates, pageCount);
  }

  /** In a line: whose page tables have pages, which the guest has, and who has pinned some. */
  public String holders() {
    return EndText.holders(this);
  }
}
