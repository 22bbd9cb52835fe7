package org.pgminicluster.script;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * An SQL expression that makes a value of a type out of the number {@code made_up.v}.
 *
 * @param expression the expression
 * @param distinct whether other numbers make other values
 */
@API(status = API.Status.INTERNAL)
public record MadeUpValue(String expression, boolean distinct) {

    private static final String V = "made_up.v";
    /** What atttypmod says more than the length. */
    private static final int HEADER = 4;

    private static final int MOST_DIGITS = 9;
    /** Of every number that is made up. */
    private static final int DIGITS = 10;

    /**
     * A type as the catalogs have it.
     *
     * @param name the base type's, or the element's if it is an array
     * @param modifier its modifier, or -1
     * @param labels how many labels it has if it is an enumeration, else 0
     * @param array whether it is an array of that
     * @param written as SQL writes the type
     * @param element as SQL writes the base type, or the element's if it is an array
     */
    public record Type(String name, int modifier, int labels, boolean array, String written, String element) {}

    /** Empty if nothing is known of the type. */
    public static Optional<MadeUpValue> of(Type type) {
        Optional<MadeUpValue> single = type.labels() > 0
                ? Optional.of(new MadeUpValue(
                        "(enum_range(NULL::%s))[1 + %s %% %d]".formatted(type.element(), V, type.labels()), false))
                : scalar(type.name(), type.modifier());
        return single.map(value -> type.array()
                ? new MadeUpValue(
                        "ARRAY[%s, %s]::%s".formatted(value.expression(), value.expression(), type.written()),
                        value.distinct())
                : new MadeUpValue("(" + value.expression() + ")::" + type.written(), value.distinct()));
    }

    private static Optional<MadeUpValue> scalar(String type, int modifier) {
        return Optional.ofNullable(
                switch (type) {
                    case "int2" -> new MadeUpValue(V + " % 32000", false);
                    case "int4", "int8", "float8", "oid" -> new MadeUpValue(V, true);
                    case "float4" -> new MadeUpValue(V + " % 1000000", false);
                    case "numeric" -> numeric(modifier);
                    case "text" -> new MadeUpValue("'row ' || " + V, true);
                    case "varchar", "bpchar" ->
                        text(modifier < 0 ? (type.equals("bpchar") ? 1 : -1) : modifier - HEADER);
                    case "bool" -> new MadeUpValue(V + " % 2 = 0", false);
                    case "date" -> new MadeUpValue("date '2020-01-01' + (" + V + " % 36500)::integer", false);
                    case "timestamp" ->
                        new MadeUpValue("timestamp '2020-01-01' + " + V + " * interval '1 second'", true);
                    case "timestamptz" ->
                        new MadeUpValue("timestamptz '2020-01-01 00:00+00' + " + V + " * interval '1 second'", true);
                    case "time" -> new MadeUpValue("time '00:00' + (" + V + " % 86400) * interval '1 second'", false);
                    case "timetz" ->
                        new MadeUpValue("timetz '00:00+00' + (" + V + " % 86400) * interval '1 second'", false);
                    case "interval" -> new MadeUpValue(V + " * interval '1 second'", true);
                    case "uuid" -> new MadeUpValue("md5(" + V + "::text)::uuid", true);
                    case "json", "jsonb" -> new MadeUpValue(type + "_build_object('n', " + V + ")", true);
                    case "bytea" -> new MadeUpValue("decode(md5(" + V + "::text), 'hex')", true);
                    case "inet", "cidr" -> new MadeUpValue("inet '10.0.0.0' + (" + V + " % 16000000)", false);
                    default -> null;
                });
    }

    private static MadeUpValue numeric(int modifier) {
        if (modifier < 0) {
            return new MadeUpValue(V + "::numeric", true);
        }
        int precision = (modifier - HEADER) >> 16 & 0xFFFF;
        int scale = (modifier - HEADER) & 0x7FF;
        int digits = Math.max(0, precision - scale);
        return digits > MOST_DIGITS
                ? new MadeUpValue(V + "::numeric", true)
                : new MadeUpValue("mod(" + V + ", " + Math.round(Math.pow(10, digits)) + ")", false);
    }

    /** The last letters are those that differ. */
    private static MadeUpValue text(int length) {
        return length < 0
                ? new MadeUpValue("'row ' || " + V, true)
                : new MadeUpValue("right('row ' || " + V + ", " + length + ")", length >= DIGITS);
    }
}
