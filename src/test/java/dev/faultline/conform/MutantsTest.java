package dev.faultline.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.gmem.Folio;
import dev.faultline.protocol.gmem.GmemDecider;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.GmemSetup;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToGmem;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model with one mistake is caught by each of the kernel's random traces. */
class MutantsTest {

  /** A mistake. */
  enum Mutant {
    PUNCHING_MAKES_SHARED,
    PINS_ARE_IGNORED,
    CONVERTING_ZEROES,
    EAGAIN_CONVERTS_WHAT_IS_BEFORE,
    A_PIN_KEEPS_A_PUNCHED_FOLIO_IN_THE_FILE,
    THE_HIGHEST_PAGE_IS_NAMED
  }

  @ParameterizedTest
  @EnumSource(Mutant.class)
  void every_random_trace_catches_it(Mutant mutant) {
    for (String trace : List.of("101", "102", "103")) {
      Conformance.Result result =
          KernelTracesTest.compare(
              "in-place-v8",
              "in-place-random-" + trace,
              (revision, setup) -> new Mutated(mutant, revision, setup));
      assertThat(result.agrees()).as("%s, trace %s", mutant, trace).isFalse();
    }
  }

  /** An inode that makes the mistake. */
  private record Mutated(Mutant mutant, GmemDecider right)
      implements Decider<GmemState, ToGmem, GmemEvent> {

    Mutated(Mutant mutant, Revision revision, GmemSetup setup) {
      this(mutant, new GmemDecider(revision, setup));
    }

    @Override
    public GmemState initialState() {
      return right.initialState();
    }

    @Override
    public GmemState state(Parts parts) {
      return right.state(parts);
    }

    @Override
    public List<TaskId> movable(GmemState state) {
      return right.movable(state);
    }

    @Override
    public GmemState evolve(GmemState state, GmemEvent event) {
      boolean keeps = mutant == Mutant.A_PIN_KEEPS_A_PUNCHED_FOLIO_IN_THE_FILE;
      if (!keeps || !(event instanceof GmemEvent.PagesRemoved(IndexRange range))) {
        return right.evolve(state, event);
      }
      GmemState kept = state;
      for (Run<IndexRange, Folio> run : state.folios(range)) {
        if (run.value().extra() == 0) {
          kept = right.evolve(kept, new GmemEvent.PagesRemoved(run.range()));
        }
      }
      return kept;
    }

    @Override
    public Decided<GmemEvent> decide(
        GmemState state, Stimulus<ToGmem> stimulus, Predicate<TaskId> taken) {
      GmemState seen = mutant == Mutant.PINS_ARE_IGNORED ? withoutPins(state) : state;
      if (seen != state && isConversion(state, stimulus)) {
        return right.decide(seen, stimulus, taken);
      }
      Decision<GmemEvent> decision = (Decision<GmemEvent>) right.decide(state, stimulus, taken);
      List<GmemEvent> events = new ArrayList<>(decision.events());
      List<Send> sends = new ArrayList<>(decision.sends());
      switch (mutant) {
        case PUNCHING_MAKES_SHARED -> {
          for (GmemEvent event : decision.events()) {
            if (event instanceof GmemEvent.PagesRemoved(IndexRange range)) {
              events.add(new GmemEvent.AttributesStored(range, View.SHARED));
            }
          }
        }
        case CONVERTING_ZEROES -> {
          for (GmemEvent event : decision.events()) {
            if (event instanceof GmemEvent.AttributesStored(IndexRange range, View _)) {
              events.add(new GmemEvent.FoliosUnprepared(range));
            }
          }
        }
        case EAGAIN_CONVERTS_WHAT_IS_BEFORE ->
            sends.forEach(
                send ->
                    refused(send)
                        .flatMap(page -> before(state, send, page))
                        .ifPresent(
                            range ->
                                events.add(new GmemEvent.AttributesStored(range, View.PRIVATE))));
        case THE_HIGHEST_PAGE_IS_NAMED ->
            sends.replaceAll(send -> refused(send).map(_ -> highest(state, send)).orElse(send));
        case PINS_ARE_IGNORED, A_PIN_KEEPS_A_PUNCHED_FOLIO_IN_THE_FILE -> {}
      }
      return new Decision<>(events, sends, decision.outcome());
    }

    private static boolean isConversion(GmemState state, Stimulus<ToGmem> stimulus) {
      return stimulus instanceof Stimulus.Advanced<ToGmem>(TaskId id)
          && state.findTask(id).isPresent()
          && state.findTask(id).get().operation().word().startsWith("convert");
    }

    /** The same state as it would be if nobody held a page. */
    private GmemState withoutPins(GmemState state) {
      GmemState free = state;
      for (Run<IndexRange, Folio> run : state.folios(new IndexRange(0, state.pageCount()))) {
        for (int pin = 0; pin < run.value().pins(); pin++) {
          free =
              right.evolve(
                  free,
                  new GmemEvent.FoliosUnpinned(
                      List.of(
                          PfnRange.behind(
                              run.range(),
                              state.firstPfn() + run.value().generation() * state.pageCount()))));
        }
      }
      return free;
    }

    /** The page that an EAGAIN names. */
    private static Optional<PageIndex> refused(Send send) {
      return send.message()
                  instanceof
                  GmemToProcess.Returned(Result.Failed(Errno errno, Optional<PageIndex> at), var _)
              && errno == Errno.EAGAIN
          ? at
          : Optional.empty();
    }

    private static Optional<IndexRange> before(GmemState state, Send send, PageIndex page) {
      long start = state.findTask(send.from()).orElseThrow().work().range().start();
      return start < page.number()
          ? Optional.of(new IndexRange(start, page.number()))
          : Optional.empty();
    }

    private static Send highest(GmemState state, Send send) {
      IndexRange range = state.findTask(send.from()).orElseThrow().work().range();
      long highest =
          state.folios(range).stream()
              .filter(run -> run.value().extra() > 0)
              .mapToLong(run -> run.range().end() - 1)
              .max()
              .orElse(range.start());
      return new Send(
          send.from(),
          send.to(),
          new GmemToProcess.Returned(
              new Result.Failed(Errno.EAGAIN, Optional.of(new PageIndex(highest))),
              Optional.empty()));
    }
  }
}
