package dev.faultline.property.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.ExpressionText;
import dev.faultline.scenario.Scenario;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users read about the mistakes that they make in expressions, word for word. */
class MistakesInExpressionsTest {

  @TempDir Path folder;

  private Scenario scenario;

  @BeforeEach
  void begin() {
    scenario =
        new Stories(folder)
            .scenario(
                """
                story: names to speak of
                mode: tdx
                memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
                parties:
                  nic: {kind: vfio}
                  ring: {kind: io-uring}
                  app: {kind: process}
                  cpu1: {kind: vcpu}
                script:
                  nic: [{dma-map: 2 MiB..4 MiB}]
                  app:
                    - load: 2 MiB
                      name: touch
                  guest:
                    - convert-to-private: 2 MiB..3 MiB
                      name: take-back
                """);
  }

  /**
   * Checks what is told.
   *
   * @param marked the text, with the place of the mistake in «»
   */
  private void tells(String marked, String message) {
    String text = marked.replaceAll("[«»]", "");
    int start = marked.indexOf('«');
    int end = Math.max(start + 1, marked.indexOf('»') - 1);
    Parsed parsed = Expression.parse(text, scenario.setup());
    assertThat(parsed).as(text).isInstanceOf(Parsed.Wrong.class);
    Mistake mistake = ((Parsed.Wrong) parsed).mistake();
    assertThat(ExpressionText.told(mistake)).as(text).isEqualTo(message);
    assertThat(List.of(mistake.start(), mistake.end())).as(text).isEqualTo(List.of(start, end));
  }

  @Test
  void signs_and_lengths() {
    tells("take-back «==» ok", "\"==\" is no part of an expression; write =");
    tells(
        "page 0 is private «&&» page 1 is shared", "\"&&\" is no part of an expression; write and");
    tells("page 0 is private «|» page 1 is shared", "\"|\" is no part of an expression; write or");
    tells("«!»page 0 is private", "\"!\" is no part of an expression; write not");
    tells("page 0 is «\"»private\"", "\"\"\" is no part of an expression");
  }

  @Test
  void numbers_and_addresses() {
    tells("take-back = «256»", "256 is more than 255");
    tells("take-back = «07»", "07 has a leading zero; write 7");
    tells("page 2 «MB» is private", "unknown unit \"MB\"; did you mean \"MiB\"?");
    tells(
        "page «4096» is private", "page 4096 is beyond the guest's memory: its last page is 4095");
    tells("page «4097 B» is private", "4097 bytes is not page-aligned: it is inside page 1");
    tells(
        "page «16 MiB» is private",
        "page 4096 is beyond the guest's memory: its last page is 4095");
    tells("pages «3..1» are private", "the range is empty: it ends behind its start");
    tells(
        "pages «1..2 MiB» are private",
        "one end of the range is an address and one the number of a page; write 512..767 or 2"
            + " MiB..3 MiB");
    tells("page 1«..»2 is private", "expected \"pages\" before a range, found \"..\"");
    tells(
        "page «x» is private",
        "expected a page: its number, or an address such as 2 MiB, found \"x\"");
    tells(
        "take-back = EAGAIN at page «99999»",
        "page 99999 is beyond the guest's memory: its last page is 4095");
  }

  @Test
  void names_that_are_not_known() {
    tells(
        "page 0 is private and page 0 is mapped by «ap»", "no party \"ap\"; did you mean \"app\"?");
    tells(
        "«tak-back» = ok",
        "\"tak-back\" is no page, line, party, lock or operation; did you mean \"take-back\"?");
    tells("page 0 of «gme» is private", "no file \"gme\"; did you mean \"gmem\"?");
    tells("gmem holds «invalid»", "no lock \"invalid\"; one of: slots, invalidate, folio, mmu");
    tells("a call is refused with «EAGAN»", "no errno \"EAGAN\"; did you mean \"EAGAIN\"?");
    tells("gmem refuses «EFOO»", "no errno \"EFOO\"; did you mean \"EIO\"?");
    tells(
        "a «convertion» is under way", "no operation \"convertion\"; did you mean \"conversion\"?");
    tells("a conversion is at «unmap-hst»", "no act \"unmap-hst\"; did you mean \"unmap-host\"?");
    tells("line «foo» = ok", "no line \"foo\"; one of: start-1, nic-1, touch, take-back");
    tells(
        "party «foo» is dead",
        "no party \"foo\"; one of: guest, cpu1, vmm, kvm, gmem, anchor, iommu, nic, ring, app");
    tells("lock «foo» is free", "no lock \"foo\"; did you mean \"folio\"?");
  }

  @Test
  void names_of_the_wrong_kind() {
    tells(
        "page 0 is mapped by «nic»",
        "nic has no page table of a process; what a device has is dma-mapped");
    tells(
        "page 0 is mapped by «guest»",
        "guest has no page table of a process; what the guest has is guest-mapped");
    tells("page 0 is mapped by «gmem»", "gmem has no page table of a process");
    tells("page 0 is pinned by «vmm»", "vmm is no host user; only those hold pins");
    tells(
        "page 0 is dma-mapped by «ring»",
        "ring is no device (kind vfio); only those are dma-mapped");
    tells(
        "page 0 is private for «nic»", "nic keeps no view of pages; gmem, kvm, vmm and a guest do");
    tells("page 0 is accepted by «vmm»", "vmm is no vCPU; only a guest accepts pages");
    tells(
        "page 0 of «shmem» is private",
        "all memory is in the gmem file here; leave \"of shmem\" out");
    tells("gmem holds «slots»", "the slots lock is held in kvm, not in gmem");
    tells("app holds «invalidate»", "the invalidate lock is held in gmem, not in app");
    tells("slots is held «shared»", "the slots lock is held exclusive only");
    tells(
        "gmem refused «EAGAIN»",
        "a world keeps who refused, not with what; write \"gmem refuses EAGAIN\": it is so while"
            + " the answer is on its way");
    tells(
        "a call was refused «with» EAGAIN",
        "a world keeps who refused, not with what; write \"a call is refused with EAGAIN\": it is"
            + " so while the answer is on its way");
    tells("guest is «dead»", "guest is a vCPU: it is stopped, never dead");
    tells("app is «stopped»", "app is dead, never stopped");
    tells("gmem is «dead»", "gmem is no process and does not die");
    tells("iommu «ended»", "iommu has no script that could end");
    tells(
        "a conversion waits for «folio»",
        "acts wait for folio locks, too; say at which act, and which page is locked");
  }

  @Test
  void only_of_a_conversion_the_world_knows_that_it_is_refused() {
    tells(
        "a fault is «refused»",
        "only of a conversion; of others say gmem refuses, or a call is refused");
  }

  @Test
  void words_in_a_wrong_place() {
    tells(
        "page 0 is «privat»",
        "expected what a page can be, found \"privat\"; did you mean \"private\"?");
    tells("«»", "expected a page, a line, a party, a lock or an operation, found the end");
    tells("page 0 is private «page» 1 is shared", "expected and, or, or the end, found \"page\"");
    tells(
        "page 0 is private «nad» page 1 is shared",
        "expected and, or, or the end, found \"nad\"; did you mean \"and\"?");
    tells(
        "page 0 is private and«»",
        "expected a page, a line, a party, a lock or an operation, found the end");
    tells("(page 0 is private«»", "expected ), found the end");
    tells("page 0 is private«)»", "expected and, or, or the end, found \")\"");
    tells("take-back = «okk»", "expected how a line ends, found \"okk\"; did you mean \"ok\"?");
    tells("take-back > «ok»", "expected a byte, 0..255, after >, found \"ok\"");
    tells(
        "take-back«»",
        "expected = and how take-back ended, or ended, started, is under way, was refused, found"
            + " the end");
    tells("page 1 holds «x»", "expected a byte, 0..255, found \"x\"");
    tells(
        "page 1 has «pin» > 1",
        "expected what is counted of a page, found \"pin\"; did you mean \"pins\"?");
    tells("page 1 has pins «1»", "expected one of = != < <= > >=, found \"1\"");
    tells("page 0 is guest-mapped as «x»", "expected private or shared, found \"x\"");
    tells("slots is «hold»", "expected held or free, found \"hold\"; did you mean \"held\"?");
    tells("a conversion is «beneath»", "expected under way, at or refused, found \"beneath\"");
    tells("take-back = EAGAIN at «3»", "expected page, found \"3\"");
    tells("any page of 0..3 «privat»", "expected is, holds or has, found \"privat\"");
    tells("page 0 is mapped by«»", "expected a party, found the end");
    tells(
        "«5» is private", "expected a page, a line, a party, a lock or an operation, found \"5\"");
  }

  @Test
  void a_line_of_a_long_text_is_shown_with_a_mark_under_the_place() {
    String text = "page 0 is private\n and page 1 is mapped by ap\n or touch = 7";
    Mistake mistake = ((Parsed.Wrong) Expression.parse(text, scenario.setup())).mistake();
    assertThat(ExpressionText.pointed("--find", text, mistake))
        .isEqualTo(
            """
            --find:2:26: no party "ap"; did you mean "app"?
               and page 1 is mapped by ap
                                       ^^
            """);
    Mistake missing = ((Parsed.Wrong) Expression.parse("not ", scenario.setup())).mistake();
    assertThat(ExpressionText.pointed("--find", "not ", missing))
        .isEqualTo(
            """
            --find:1:4: expected a page, a line, a party, a lock or an operation, found the end
              not
                 ^
            """);
  }

  @Test
  void what_is_too_long_or_too_deep() {
    tells(
        "page 0 is private or ".repeat(100).substring(0, 2000) + "«age 0 is private»",
        "an expression has at most 2000 characters, this one 2016");
    tells(
        "not ".repeat(51) + "«page» 0 is private", "nested deeper than 50 levels; make it flatter");
    tells(
        "page 0 is " + "(".repeat(51) + "«private»" + ")".repeat(51),
        "nested deeper than 50 levels; make it flatter");
  }
}
