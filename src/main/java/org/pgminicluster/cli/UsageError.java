package org.pgminicluster.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is wrong with a command line, in one sentence that says what would be right.
 *
 * @param command whose help has more
 */
record UsageError(String message, String command) {

    static UsageError of(ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        return new UsageError(message(e, spec), spec.qualifiedName());
    }

    /** A value that a converter does not take; the message is what it has to be. */
    static final class WrongValue extends RuntimeException {

        private static final long serialVersionUID = 1L;

        WrongValue(String rule) {
            super(rule);
        }
    }

    /** The commands below that one that people may type. */
    static List<String> visible(CommandSpec spec) {
        return spec.subcommands().entrySet().stream()
                .filter(it -> !it.getValue().getCommandSpec().usageMessage().hidden())
                .map(it -> it.getKey())
                .toList();
    }

    /** The parameters of a command as its synopsis has them. */
    static String parameters(CommandSpec spec) {
        return spec.positionalParameters().stream().map(UsageError::shown).collect(Collectors.joining(" "));
    }

    private static String shown(PositionalParamSpec parameter) {
        String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
        return parameter.required() ? label : "[" + label + "]";
    }

    private static String message(ParameterException e, CommandSpec spec) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unknown(unmatched.getUnmatched(), spec);
        }
        if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            ArgSpec first = missing.getMissing().get(0);
            return "expected " + (first.isOption() ? name(first) + " " : "") + first.paramLabel()
                    + " to be given, but was not" + (first.isOption() ? "" : type(spec));
        }
        @Nullable ArgSpec about = e.getArgSpec();
        @Nullable String typed = e.getValue();
        if (about == null || typed == null) {
            return String.valueOf(e.getMessage());
        }
        if (about.type().isEnum()) {
            return Nearest.sentence(
                    name(about),
                    typed,
                    Arrays.stream(about.type().getEnumConstants())
                            .map(constant -> CommandRunner.word((Enum<?>) constant))
                            .toList());
        }
        String rule = e.getCause() instanceof WrongValue wrong
                ? wrong.getMessage()
                : about.type() == int.class || about.type() == Integer.class
                        ? "a whole number"
                        : "one that can be read";
        return "expected " + name(about) + " to be " + rule + ", but was \"" + typed + "\"";
    }

    private static String unknown(List<String> unmatched, CommandSpec spec) {
        String first = unmatched.get(0);
        if (first.startsWith("-")) {
            return Nearest.sentence(
                    "the option",
                    first,
                    spec.options().stream()
                            .filter(option -> !option.hidden())
                            .map(OptionSpec::longestName)
                            .toList());
        }
        if (!spec.subcommands().isEmpty()) {
            return Nearest.sentence(spec.parent() == null ? "the command" : "the " + spec.name(), first, visible(spec));
        }
        long most = spec.positionalParameters().size();
        return "expected " + spec.qualifiedName() + " to have " + (most == 0 ? "no" : "at most " + most)
                + (most == 1 ? " parameter" : " parameters") + ", but was " + (most + unmatched.size()) + type(spec);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String type(CommandSpec spec) {
        return "; type " + (spec.qualifiedName() + " " + parameters(spec)).strip();
    }
}
