import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Rewrites the classes of a jar that are older than Java 6 as classes of Java 8, in place.
 *
 * <p>An AOT cache takes no class without stack maps, and picocli is compiled for Java 5: without
 * this step it is the one library that is loaded and verified anew at every start, which costs 50
 * ms.
 */
public final class RaiseClassVersion {

  private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;

  private RaiseClassVersion() {}

  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      Path raised = Path.of(jar + ".raised");
      try (JarFile from = new JarFile(jar);
          OutputStream file = Files.newOutputStream(raised);
          JarOutputStream to = new JarOutputStream(file)) {
        copy(from, to);
      }
      Files.move(raised, Path.of(jar), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void copy(JarFile from, JarOutputStream to) throws IOException {
    ClassFile codec = codec(from);
    for (JarEntry entry : Collections.list(from.entries())) {
      JarEntry copy = new JarEntry(entry.getName());
      copy.setTime(entry.getTime());
      to.putNextEntry(copy);
      try (InputStream content = from.getInputStream(entry)) {
        byte[] octets = content.readAllBytes();
        to.write(entry.getName().endsWith(".class") ? raise(codec, octets) : octets);
      }
      to.closeEntry();
    }
  }

  private static byte[] raise(ClassFile codec, byte[] octets) {
    ClassModel model = codec.parse(octets);
    if (model.majorVersion() >= FIRST_WITH_STACK_MAPS) {
      return octets;
    }
    ClassTransform rebuiltMethods =
        ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
    ClassTransform raisedVersion =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
          } else {
            builder.with(element);
          }
        };
    return codec.transformClass(model, rebuiltMethods.andThen(raisedVersion));
  }

  /** Stack maps need to know what a class extends: the jar says it, or else the JDK. */
  private static ClassFile codec(JarFile jar) {
    ClassHierarchyResolver classesOfJar =
        ClassHierarchyResolver.ofResourceParsing(
            type -> {
              String name = type.descriptorString();
              JarEntry entry = jar.getJarEntry(name.substring(1, name.length() - 1) + ".class");
              try {
                return entry == null ? null : jar.getInputStream(entry);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return ClassFile.of(
        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
        ClassFile.ClassHierarchyResolverOption.of(
            classesOfJar.orElse(ClassHierarchyResolver.defaultResolver())));
  }
}
