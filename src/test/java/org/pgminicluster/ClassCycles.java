package org.pgminicluster;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which classes cannot be had without each other; nested ones count as the one that they are in. */
final class ClassCycles {

    private final Map<String, Set<String>> needs = new TreeMap<>();

    private ClassCycles(JavaClasses classes) {
        for (JavaClass each : classes) {
            Set<String> needed = needs.computeIfAbsent(outermost(each), name -> new TreeSet<>());
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (classes.contain(target.getName())) {
                    needed.add(outermost(target));
                }
            }
        }
    }

    /** The largest first. */
    static List<Set<String>> of(JavaClasses classes) {
        ClassCycles cycles = new ClassCycles(classes);
        Set<String> done = new HashSet<>();
        List<Set<String>> found = new ArrayList<>();
        for (String name : cycles.needs.keySet()) {
            if (done.add(name)) {
                Set<String> cycle = new TreeSet<>(Set.of(name));
                cycles.reached(name).stream()
                        .filter(other -> cycles.reached(other).contains(name))
                        .forEach(cycle::add);
                done.addAll(cycle);
                found.add(cycle);
            }
        }
        found.sort((a, b) -> Integer.compare(b.size(), a.size()));
        return found;
    }

    private Set<String> reached(String from) {
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            needs.getOrDefault(next.pop(), Set.of()).stream()
                    .filter(reached::add)
                    .forEach(next::push);
        }
        return reached;
    }

    private static String outermost(JavaClass nested) {
        JavaClass outer = nested;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getName();
    }
}
