package org.pgminicluster.server.container;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.server.ServerSpec;

/** Settings as the server's arguments, which come before every configuration file. */
final class CommandLine {

    private CommandLine() {}

    /** The caller's settings in order, then those without which this package would not find the server. */
    static List<String> of(ServerSpec spec) {
        Map<String, String> all = new LinkedHashMap<>();
        // What initdb would have written; the template's own file is without it, see TemplateBuild.
        all.put("shared_buffers", "128MB");
        all.putAll(spec.settings());
        own(spec).forEach((name, value) -> {
            all.remove(name);
            all.put(name, value);
        });
        return render(all);
    }

    static List<String> render(Map<String, String> settings) {
        List<String> arguments = new ArrayList<>();
        settings.forEach((name, value) -> {
            arguments.add("-c");
            arguments.add(name + "=" + value);
        });
        return List.copyOf(arguments);
    }

    private static Map<String, String> own(ServerSpec spec) {
        Map<String, String> own = new LinkedHashMap<>();
        own.put("listen_addresses", "*");
        own.put("port", Integer.toString(Layout.PORT));
        own.put("hba_file", Layout.HBA);
        if (spec.tls().isPresent()) {
            own.put("ssl", "on");
            own.put("ssl_cert_file", Layout.CERTIFICATE);
            own.put("ssl_key_file", Layout.KEY);
        }
        return own;
    }
}
