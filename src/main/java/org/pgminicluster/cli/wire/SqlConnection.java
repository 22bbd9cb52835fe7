package org.pgminicluster.cli.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Credentials;

/**
 * A connection for statements that people type. They go in one message, as {@code psql -c} sends them: without BEGIN
 * they share one transaction. What the server answers is passed on while it comes, in its order. JDBC's driver holds all
 * rows of such a message in memory before it hands one out, and keeps notices apart from results.
 *
 * @see <a href="https://www.postgresql.org/docs/13/protocol-flow.html">Message Flow</a>
 */
public final class SqlConnection implements AutoCloseable {

    private static final int PROTOCOL = 3 << 16;
    private static final int CANCEL = 80877102;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int LONGEST_TEXT = 1 << 24;

    private final String node;
    private final Socket socket;
    private final Duration timeout;
    private final DataInputStream in;
    private final DataOutputStream out;
    private int pid;
    private int secret;
    private boolean cancelled;

    private SqlConnection(String node, Socket socket, Duration timeout) throws IOException {
        this.node = node;
        this.socket = socket;
        this.timeout = timeout;
        this.in = new DataInputStream(new BufferedInputStream(new Patient(socket.getInputStream()), 1 << 16));
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /** Hears what a server answers, as it comes. */
    public interface Listener {

        /** Rows follow. */
        void columns(List<String> names) throws IOException;

        /** A row. Its values can be read once, from left to right; what is not read is left out. */
        void row(RowValues values) throws IOException;

        /** A statement was carried out; the tag is the server's word for it. */
        void done(String tag) throws IOException;

        void notice(Map<Character, String> fields) throws IOException;

        /** A statement was refused, and none after it is carried out. */
        void refused(Map<Character, String> fields) throws IOException;
    }

    /**
     * Logs in.
     *
     * @param node what the server is called in messages
     * @param timeout how long statements that are sent at once may take
     * @throws MiniClusterException if the server does not let one in
     */
    public static SqlConnection open(
            String node, Address address, String database, Credentials login, Duration timeout) {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(address.host(), address.port()), Math.toIntExact(CONNECT.toMillis()));
            socket.setSoTimeout(Math.toIntExact(CONNECT.toMillis()));
            SqlConnection connection = new SqlConnection(node, socket, timeout);
            connection.logIn(database, login);
            return connection;
        } catch (IOException e) {
            closeQuietly(socket);
            throw new MiniClusterException(
                    "expected " + node + " to let its superuser in, but did not: " + reason(e)
                            + "; see minicluster status",
                    e);
        }
    }

    /** Whether it was lost, or given back. */
    public boolean isClosed() {
        return socket.isClosed();
    }

    private void logIn(String database, Credentials login) throws IOException {
        ByteArrayOutputStream startup = new ByteArrayOutputStream();
        DataOutputStream parameters = new DataOutputStream(startup);
        parameters.writeInt(PROTOCOL);
        for (String text : List.of(
                "user",
                login.user(),
                "database",
                database,
                "client_encoding",
                "UTF8",
                "application_name",
                "minicluster sql",
                "")) {
            parameters.write(zeroEnded(text));
        }
        out.writeInt(startup.size() + 4);
        out.write(startup.toByteArray());
        out.flush();
        Scram scram = new Scram(login.password());
        for (int kind = in.readByte(); kind != 'Z'; kind = in.readByte()) {
            Message message = new Message();
            switch (kind) {
                case 'R' -> authenticate(scram, message);
                case 'K' -> {
                    pid = message.number();
                    secret = message.number();
                }
                case 'E' -> throw new IOException(message.fields().getOrDefault('M', "no reason given"));
                default -> {}
            }
            message.skip();
        }
        new Message().skip();
    }

    private void authenticate(Scram scram, Message message) throws IOException {
        int way = message.number();
        switch (way) {
            case 0 -> {}
            case 10 -> {
                byte[] first = scram.first().getBytes(StandardCharsets.UTF_8);
                ByteArrayOutputStream answer = new ByteArrayOutputStream();
                answer.write(zeroEnded(Scram.MECHANISM));
                new DataOutputStream(answer).writeInt(first.length);
                answer.write(first);
                send('p', answer.toByteArray());
            }
            case 11 -> send('p', scram.last(message.rest()).getBytes(StandardCharsets.UTF_8));
            case 12 -> scram.requireServer(message.rest());
            default -> throw new IOException("it asks for another login than " + Scram.MECHANISM);
        }
    }

    /**
     * Sends statements and passes on what comes of them; they are cancelled if the server says nothing for as long as the
     * connection's timeout. Nothing is asked of it while the listener is busy.
     *
     * @return whether they were cancelled
     * @throws MiniClusterException if the connection is lost, and with it the session
     */
    public boolean send(String sql, Listener listener) {
        try {
            cancelled = false;
            socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            send('Q', zeroEnded(sql));
            for (int kind = in.readByte(); kind != 'Z'; kind = in.readByte()) {
                Message message = new Message();
                pass(kind, message, listener);
                message.skip();
            }
            new Message().skip();
            return cancelled;
        } catch (RuntimeException e) {
            // Who listens does not want the rest, which would be in the way of what is sent next.
            close();
            throw e;
        } catch (IOException e) {
            close();
            throw new MiniClusterException(
                    "expected the connection to " + node + " to last until all was answered, but was lost (" + reason(e)
                            + "); what was begun in it is undone",
                    e);
        }
    }

    /** What a server sends. When it has been silent for too long, it is asked to give up, and has a moment for that. */
    private final class Patient extends FilterInputStream {

        private Patient(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (SocketTimeoutException e) {
                if (cancelled || secret == 0) {
                    throw e;
                }
                cancelled = true;
                cancel();
                socket.setSoTimeout(Math.toIntExact(GRACE.toMillis()));
                return super.read(bytes, offset, length);
            }
        }
    }

    private void pass(int kind, Message message, Listener listener) throws IOException {
        switch (kind) {
            case 'T' -> listener.columns(message.columns());
            case 'D' -> listener.row(new RowValues(message));
            case 'C' -> listener.done(message.text());
            case 'N' -> listener.notice(message.fields());
            case 'E' -> listener.refused(message.fields());
            case 'G' -> send('f', zeroEnded("COPY from the standard input is for psql"));
            default -> {}
        }
    }

    private void cancel() {
        try (Socket other = new Socket()) {
            other.connect(socket.getRemoteSocketAddress(), Math.toIntExact(CONNECT.toMillis()));
            DataOutputStream request = new DataOutputStream(other.getOutputStream());
            request.writeInt(16);
            request.writeInt(CANCEL);
            request.writeInt(pid);
            request.writeInt(secret);
            request.flush();
        } catch (IOException e) {
            // Then the server is not there to be asked, and the statement ends by that.
        }
    }

    private void send(char kind, byte[] body) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream(body.length + 5);
        DataOutputStream head = new DataOutputStream(message);
        head.writeByte(kind);
        head.writeInt(body.length + 4);
        head.write(body);
        message.writeTo(out);
        out.flush();
    }

    private static byte[] zeroEnded(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static String reason(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return "it does not answer";
        }
        return e.getMessage() == null ? "it was closed" : e.getMessage();
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // There is nothing left to give back.
        }
    }

    /** What is left of one message, of which nobody can read more than there is. */
    final class Message extends InputStream {

        private int left;

        private Message() throws IOException {
            left = in.readInt() - 4;
        }

        @Override
        public int read() throws IOException {
            if (left <= 0) {
                return -1;
            }
            left--;
            return in.readUnsignedByte();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = in.read(bytes, offset, Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }

        private byte one() throws IOException {
            int b = read();
            if (b < 0) {
                throw new IOException("a message that ends too early");
            }
            return (byte) b;
        }

        int number() throws IOException {
            return (one() & 0xFF) << 24 | (one() & 0xFF) << 16 | (one() & 0xFF) << 8 | one() & 0xFF;
        }

        int small() throws IOException {
            return (one() & 0xFF) << 8 | one() & 0xFF;
        }

        /** Up to its zero; of a text without measure the begin. */
        String text() throws IOException {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int b = read(); b > 0; b = read()) {
                if (text.size() < LONGEST_TEXT) {
                    text.write(b);
                }
            }
            return text.toString(StandardCharsets.UTF_8);
        }

        private String rest() throws IOException {
            return new String(readNBytes(LONGEST_TEXT), StandardCharsets.UTF_8);
        }

        private Map<Character, String> fields() throws IOException {
            Map<Character, String> fields = new HashMap<>();
            for (int code = read(); code > 0; code = read()) {
                fields.put((char) code, text());
            }
            return fields;
        }

        private List<String> columns() throws IOException {
            List<String> names = new ArrayList<>();
            int count = small();
            for (int i = 0; i < count; i++) {
                names.add(text());
                skipNBytes(18);
            }
            return names;
        }

        private void skip() throws IOException {
            skipNBytes(left);
        }
    }
}
