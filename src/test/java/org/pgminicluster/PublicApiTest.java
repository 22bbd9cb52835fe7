package org.pgminicluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * What this library promises is marked, and listed in a file, so that a change of it is seen in a diff. {@code
 * -Dpublic.api.write=true} writes the file anew.
 */
class PublicApiTest {

    private static final Path LIST = Path.of("src/test/resources/org/pgminicluster/public-api.txt");

    /** The command line's own, which is in no library's jar. */
    private static final List<String> NOT_OF_THE_LIBRARY = List.of("org.pgminicluster.cli", "org.pgminicluster.lab");

    private static List<Class<?>> publicTypes() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.pgminicluster")
                        .stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> NOT_OF_THE_LIBRARY.stream()
                                .noneMatch(name -> type.getPackageName().startsWith(name)))
                        .<Class<?>>map(JavaClass::reflect)
                        .sorted((a, b) -> a.getName().compareTo(b.getName()))
                        .toList();
    }

    private static boolean isPromised(Class<?> type) {
        Class<?> outer = type;
        while (outer.getEnclosingClass() != null) {
            if (!Modifier.isPublic(outer.getModifiers())) {
                return false;
            }
            outer = outer.getEnclosingClass();
        }
        API mark = outer.getAnnotation(API.class);
        return mark != null && mark.status() != API.Status.INTERNAL;
    }

    @Test
    void every_public_type_says_whether_it_is_promised() {
        assertThat(publicTypes())
                .filteredOn(type -> type.getEnclosingClass() == null && !type.isAnnotationPresent(API.class))
                .as("public types without @API")
                .isEmpty();
    }

    @Test
    void what_is_promised_is_what_the_list_says() throws IOException {
        String now = publicTypes().stream()
                .filter(PublicApiTest::isPromised)
                .map(PublicApiTest::described)
                .collect(Collectors.joining("\n"));
        if (Boolean.getBoolean("public.api.write")) {
            Files.writeString(LIST, now);
        }
        assertThat(now)
                .as("the public API; if its change is meant, mvn test -Dtest=PublicApiTest -Dpublic.api.write=true")
                .isEqualTo(Files.readString(LIST));
    }

    private static String described(Class<?> type) {
        List<String> members = new ArrayList<>();
        Stream.of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
                .flatMap(Arrays::stream)
                .map(Member.class::cast)
                .filter(member -> Modifier.isPublic(member.getModifiers()) && !member.isSynthetic())
                .map(PublicApiTest::described)
                .sorted()
                .forEach(members::add);
        String kind = type.isAnnotation()
                ? "annotation"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        return kind + " " + type.getName() + "\n"
                + members.stream().map(member -> "    " + member + "\n").collect(Collectors.joining());
    }

    private static String described(Member member) {
        String still = Modifier.isStatic(member.getModifiers()) ? "static " : "";
        if (member instanceof Field field) {
            return still + field.getGenericType().getTypeName() + " " + field.getName();
        }
        Executable executable = (Executable) member;
        String parameters = Arrays.stream(executable.getGenericParameterTypes())
                .map(java.lang.reflect.Type::getTypeName)
                .collect(Collectors.joining(", ", "(", ")"));
        return still
                + (executable instanceof java.lang.reflect.Method method
                        ? method.getGenericReturnType().getTypeName() + " " + method.getName()
                        : "new")
                + parameters;
    }
}
