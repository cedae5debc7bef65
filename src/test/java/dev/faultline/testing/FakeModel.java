package dev.faultline.testing;

import dev.faultline.conform.Answer;
import dev.faultline.conform.Model;
import dev.faultline.conform.TraceOperation;
import java.util.List;
import java.util.TreeMap;

/**
 * A kernel of a few words: bytes that are written and read, and pins that are gone some time after
 * their ring was closed, but not later than they were seen to be. Everything else is ENOSYS.
 *
 * @param bytes by offset; what was never written is 0
 * @param pinned whether a closed ring still holds its pins
 */
public record FakeModel(TreeMap<Long, Integer> bytes, boolean pinned) implements Model {

  public FakeModel {
    bytes = new TreeMap<>(bytes);
  }

  /** Before the first operation. */
  public static FakeModel first() {
    return new FakeModel(new TreeMap<>(), false);
  }

  @Override
  public List<Allowed> put(TraceOperation operation) {
    if (operation instanceof TraceOperation.New) {
      return one(Answer.of("OK", "ret", 0), "a VM can always be made", first());
    }
    if (operation instanceof TraceOperation.Write(int _, long offset, int value)) {
      TreeMap<Long, Integer> after = new TreeMap<>(bytes);
      after.put(offset, value);
      return one(Answer.of("OK"), "every offset is mapped", new FakeModel(after, pinned));
    }
    if (operation instanceof TraceOperation.Read(int _, long offset)) {
      int value = bytes.getOrDefault(offset, 0);
      return one(Answer.of("OK", "val", value), "offset " + offset + " has " + value, this);
    }
    if (operation instanceof TraceOperation.Alloc) {
      return one(Answer.of("OK", "ret", 0), "there is memory", this);
    }
    if (operation instanceof TraceOperation.UnpinClose) {
      return List.of(
          new Allowed(Answer.of("OK", "ret", 0), "its pins go later", new FakeModel(bytes, true)),
          new Allowed(Answer.of("OK", "ret", 0), "its pins go now", new FakeModel(bytes, false)));
    }
    if (operation instanceof TraceOperation.Attr2(int _, long offset, long _, long _, long _)) {
      return pinned
          ? one(Answer.of("EAGAIN", "error_offset", offset), "a closed ring has pins", this)
          : one(Answer.of("OK"), "nothing is pinned", this);
    }
    if (operation instanceof TraceOperation.Anon) {
      return List.of(
          new Allowed(Answer.of("OK", "m", 0), "there is memory", this),
          new Allowed(Answer.of("ENOMEM", "ret", -1), "there is none", this));
    }
    return one(Answer.of("ENOSYS"), "this model has no such call", this);
  }

  private static List<Allowed> one(Answer answer, String reason, Model after) {
    return List.of(new Allowed(answer, reason, after));
  }
}
