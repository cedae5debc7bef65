package dev.faultline.conform;

import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Problem;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The words of the trace language: what each is followed by, and what can be answered to it. */
final class Vocabulary {

  private static final List<String> RET = List.of("ret");

  /** What a vCPU that ran can say: KVM_EXIT_IO with the byte, or why it came back. */
  private static final List<String> EXIT =
      List.of(
          "exit", "val", "errno", "flags", "gpa", "size", "write", "nr", "a0", "a1", "a2", "ret");

  private static final List<String> LOADED = List.of("val", "si_code", "ret");
  private static final List<String> PAGES = List.of("ok", "sig", "nonzero", "ret");
  private static final List<String> CONVERTED = List.of("error_offset", "error_page", "ret");
  private static final List<String> FILE = List.of("size", "blocks", "ret");
  private static final List<String> RESIDENT = List.of("resident", "ret");

  private static final SortedMap<String, Word> WORDS = words();

  private Vocabulary() {}

  /**
   * A word.
   *
   * @param usage the names of its operands
   * @param fields that an answer to it can have, beside "res"
   */
  record Word(String name, String usage, Parser parser, List<String> fields) {

    /** Reads the operands of this word; {@code end} is where the text ends in the line. */
    TraceOperation parse(List<Operands.Found> found, int end) throws Mistake {
      Operands operands = new Operands(name, usage, found, end);
      TraceOperation operation = parser.parse(operands);
      operands.end();
      return operation;
    }
  }

  /** Takes operands in their order. */
  private interface Parser {
    TraceOperation parse(Operands operands) throws Mistake;
  }

  /**
   * The word of this name.
   *
   * @throws Mistake if there is none; an operation is never left out in silence
   */
  static Word word(Operands.Found name) throws Mistake {
    Word word = WORDS.get(name.text());
    if (word == null) {
      throw new Mistake(
          name.at(),
          "unsupported operation "
              + Problem.quoted(name.text())
              + Nearest.hint(name.text(), WORDS.keySet()));
    }
    return word;
  }

  private static SortedMap<String, Word> words() {
    SortedMap<String, Word> words = new TreeMap<>();
    vm(words);
    mappings(words);
    attributes(words);
    accesses(words);
    files(words);
    users(words);
    return Collections.unmodifiableSortedMap(words);
  }

  private static void add(
      SortedMap<String, Word> words,
      String name,
      String usage,
      List<String> fields,
      Parser parser) {
    words.put(name, new Word(name, usage, parser, fields));
  }

  // Operands are read in the order in which Java evaluates arguments: from left to right.

  private static void vm(SortedMap<String, Word> words) {
    add(words, "new", "TYPE", RET, o -> new TraceOperation.New(o.integer()));
    add(words, "cap", "N", RET, o -> new TraceOperation.Cap(o.number()));
    add(words, "vmcap", "N", RET, o -> new TraceOperation.VmCap(o.number()));
    add(
        words,
        "enablecap",
        "N ARG",
        RET,
        o -> new TraceOperation.EnableCap(o.number(), o.number()));
    add(
        words,
        "slot",
        "ID GPA SIZE FLAGS gN|- GOFF mN|- [MOFF]",
        RET,
        o ->
            new TraceOperation.Slot(
                o.number(),
                o.number(),
                o.number(),
                o.number(),
                o.handleOrNone('g'),
                o.number(),
                o.handleOrNone('m'),
                o.numberOrZero()));
  }

  private static void mappings(SortedMap<String, Word> words) {
    add(
        words,
        "mmap",
        "gN OFF LEN [shared|private] [ro]",
        List.of("m", "ret"),
        o ->
            new TraceOperation.Mmap(
                o.handle('g'), o.number(), o.number(), isPrivate(o), o.takeIf("ro")));
    add(words, "anon", "LEN", List.of("m", "ret"), o -> new TraceOperation.Anon(o.number()));
    add(words, "munmap", "mN", RET, o -> new TraceOperation.Munmap(o.handle('m')));
    add(
        words,
        "madv",
        "mN OFF LEN ADVICE",
        RESIDENT,
        o -> new TraceOperation.Madvise(o.handle('m'), o.number(), o.number(), o.integer()));
    add(
        words,
        "mlock",
        "mN OFF LEN",
        RESIDENT,
        o -> new TraceOperation.Mlock(o.handle('m'), o.number(), o.number()));
    add(
        words,
        "mincore",
        "mN OFF LEN",
        RESIDENT,
        o -> new TraceOperation.Mincore(o.handle('m'), o.number(), o.number()));
  }

  private static boolean isPrivate(Operands operands) {
    boolean isShared = operands.takeIf("shared");
    return !isShared && operands.takeIf("private");
  }

  private static void attributes(SortedMap<String, Word> words) {
    add(
        words,
        "attr",
        "GPA SIZE ATTRS [FLAGS]",
        RET,
        o -> new TraceOperation.Attr(o.number(), o.number(), o.number(), o.numberOrZero()));
    add(
        words,
        "attr2",
        "gN OFF SIZE ATTRS [FLAGS]",
        CONVERTED,
        o ->
            new TraceOperation.Attr2(
                o.handle('g'), o.number(), o.number(), o.number(), o.numberOrZero()));
    add(
        words,
        "vmattr2",
        "GPA SIZE ATTRS",
        CONVERTED,
        o -> new TraceOperation.VmAttr2(o.number(), o.number(), o.number()));
  }

  private static void accesses(SortedMap<String, Word> words) {
    add(words, "read", "mN OFF", LOADED, o -> new TraceOperation.Read(o.handle('m'), o.number()));
    add(
        words,
        "write",
        "mN OFF BYTE",
        LOADED,
        o -> new TraceOperation.Write(o.handle('m'), o.number(), o.value()));
    add(
        words,
        "fill",
        "mN OFF LEN BYTE",
        PAGES,
        o -> new TraceOperation.Fill(o.handle('m'), o.number(), o.number(), o.value()));
    add(
        words,
        "count",
        "mN OFF LEN",
        PAGES,
        o -> new TraceOperation.Count(o.handle('m'), o.number(), o.number()));
    add(
        words,
        "forkread",
        "mN OFF",
        LOADED,
        o -> new TraceOperation.ForkRead(o.handle('m'), o.number()));
    add(words, "gread", "GPA", EXIT, o -> new TraceOperation.GuestRead(o.number()));
    add(
        words,
        "gwrite",
        "GPA BYTE",
        EXIT,
        o -> new TraceOperation.GuestWrite(o.number(), o.value()));
    add(words, "ginc", "GPA", EXIT, o -> new TraceOperation.GuestIncrement(o.number()));
    add(
        words,
        "ghc",
        "GPA PAGES ATTRS",
        EXIT,
        o -> new TraceOperation.GuestHypercall(o.number(), o.number(), o.number()));
    add(
        words,
        "prefault",
        "GPA SIZE",
        List.of("ret", "left"),
        o -> new TraceOperation.Prefault(o.number(), o.number()));
  }

  private static void files(SortedMap<String, Word> words) {
    add(
        words,
        "gmem",
        "SIZE FLAGS",
        List.of("g", "ret"),
        o -> new TraceOperation.Gmem(o.number(), o.number()));
    add(words, "closeg", "gN", RET, o -> new TraceOperation.CloseGmem(o.handle('g')));
    add(
        words,
        "punch",
        "gN OFF LEN",
        RET,
        o -> new TraceOperation.Punch(o.handle('g'), o.number(), o.number()));
    add(
        words,
        "alloc",
        "gN OFF LEN",
        List.of("ret", Conformance.EINTR),
        o -> new TraceOperation.Alloc(o.handle('g'), o.number(), o.number()));
    add(
        words,
        "falloc",
        "gN MODE OFF LEN",
        RET,
        o -> new TraceOperation.Falloc(o.handle('g'), o.number(), o.number(), o.number()));
    add(
        words,
        "ftruncate",
        "gN SIZE",
        FILE,
        o -> new TraceOperation.Ftruncate(o.handle('g'), o.number()));
    add(words, "fstat", "gN", FILE, o -> new TraceOperation.Fstat(o.handle('g')));
    add(words, "rdfd", "gN OFF", FILE, o -> new TraceOperation.ReadFile(o.handle('g'), o.number()));
    add(
        words,
        "wrfd",
        "gN OFF",
        FILE,
        o -> new TraceOperation.WriteFile(o.handle('g'), o.number()));
  }

  private static void users(SortedMap<String, Word> words) {
    add(
        words,
        "pin",
        "mN OFF LEN",
        List.of("pin", "ret"),
        o -> new TraceOperation.Pin(o.handle('m'), o.number(), o.number()));
    add(words, "unpin", "pN", RET, o -> new TraceOperation.Unpin(o.handle('p')));
    add(words, "unpinclose", "pN", RET, o -> new TraceOperation.UnpinClose(o.handle('p')));
    add(
        words,
        "splice",
        "mN OFF LEN",
        List.of("pipe", "ret", "first"),
        o -> new TraceOperation.Splice(o.handle('m'), o.number(), o.number()));
    add(
        words,
        "unsplice",
        "pN",
        List.of("ret", "first"),
        o -> new TraceOperation.Unsplice(o.handle('p')));
    add(
        words,
        "odirect",
        "r|w mN OFF LEN",
        RET,
        o ->
            new TraceOperation.Odirect(
                o.isFirstOf("r", "w"), o.handle('m'), o.number(), o.number()));
    add(
        words,
        "copyin",
        "mN OFF LEN",
        RET,
        o -> new TraceOperation.CopyIn(o.handle('m'), o.number(), o.number()));
    add(
        words,
        "copyout",
        "mN OFF LEN",
        RET,
        o -> new TraceOperation.CopyOut(o.handle('m'), o.number(), o.number()));
    add(words, "pvread", "mN OFF", RET, o -> new TraceOperation.PvRead(o.handle('m'), o.number()));
  }
}
