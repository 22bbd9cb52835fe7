package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.assertj.MiniClusterAssertions;
import org.pgminicluster.topology.Topology;

/** 300 tables as a web application has them, each with a sequence, a key, three indexes and two foreign keys. */
class StructureDumpIT {

    private static final int TABLES = 300;

    private static final String HEAD = """
            --
            -- PostgreSQL database dump
            --

            -- Dumped from database version 16.4
            -- Dumped by pg_dump version 17.2

            SET statement_timeout = 0;
            SET lock_timeout = 0;
            SET idle_in_transaction_session_timeout = 0;
            SET transaction_timeout = 0;
            SET client_encoding = 'UTF8';
            SET standard_conforming_strings = on;
            SELECT pg_catalog.set_config('search_path', '', false);
            SET check_function_bodies = false;
            SET xmloption = content;
            SET client_min_messages = warning;
            SET row_security = off;

            SET default_tablespace = '';

            SET default_table_access_method = heap;

            """;

    private static final String TABLE = """
            --
            -- Name: things_%1$d; Type: TABLE; Schema: public; Owner: -
            --

            CREATE TABLE public.things_%1$d (
                id bigint NOT NULL,
                parent_id bigint,
                owner_id bigint,
                name character varying(255) DEFAULT ''::character varying NOT NULL,
                description text,
                amount numeric(12,2) DEFAULT 0.0,
                settings jsonb DEFAULT '{}'::jsonb NOT NULL,
                created_at timestamp(6) without time zone NOT NULL,
                CONSTRAINT check_%1$d CHECK ((char_length(description) <= 2048))
            );

            CREATE SEQUENCE public.things_%1$d_id_seq
                START WITH 1
                INCREMENT BY 1
                NO MINVALUE
                NO MAXVALUE
                CACHE 1;

            ALTER SEQUENCE public.things_%1$d_id_seq OWNED BY public.things_%1$d.id;

            """;

    private static final String KEY = """
            ALTER TABLE ONLY public.things_%1$d ALTER COLUMN id SET DEFAULT nextval('public.things_%1$d_id_seq'::regclass);

            ALTER TABLE ONLY public.things_%1$d
                ADD CONSTRAINT things_%1$d_pkey PRIMARY KEY (id);

            CREATE INDEX index_things_%1$d_on_parent_id ON public.things_%1$d USING btree (parent_id);
            CREATE INDEX index_things_%1$d_on_owner_id ON public.things_%1$d USING btree (owner_id);
            CREATE INDEX index_things_%1$d_on_created_at ON public.things_%1$d USING btree (created_at);

            """;

    private static final String REFERENCES = """
            ALTER TABLE ONLY public.things_%1$d
                ADD CONSTRAINT fk_%1$d_parent FOREIGN KEY (parent_id) REFERENCES public.things_%1$d(id) ON DELETE CASCADE;
            ALTER TABLE ONLY public.things_%1$d
                ADD CONSTRAINT fk_%1$d_owner FOREIGN KEY (owner_id) REFERENCES public.things_1(id);

            """;

    static String dump() {
        return HEAD + each(TABLE) + each(KEY) + each(REFERENCES);
    }

    private static String each(String sql) {
        return IntStream.rangeClosed(1, TABLES).mapToObj(sql::formatted).collect(Collectors.joining());
    }

    @Test
    void is_made_on_both_ends_and_copied_as_a_whole(@TempDir Path directory) throws IOException {
        Path structure = Files.writeString(directory.resolve("structure.sql"), dump());
        Topology topology = Topology.named("structure")
                .schemaFrom(structure.toString())
                .node(
                        "primary",
                        n -> n.seed("INSERT INTO public.things_1 (created_at) VALUES ('2026-01-01')")
                                .publication("everything", p -> p.allTables()))
                .node("copy", n -> n.subscribes("all_of_it", "primary", "everything"))
                .build();
        try (MiniCluster cluster = MiniCluster.start(topology)) {
            Node primary = cluster.node("primary"), copy = cluster.node("copy");
            MiniClusterAssertions.assertThat(copy)
                    .query("SELECT count(*) FROM pg_subscription_rel WHERE srsubstate IN ('r', 's')")
                    .hasValue(TABLES);
            assertThat(cluster.journal().entries().toString())
                    .as("what was last seen of a wait is the end of it")
                    .contains(TABLES + " of " + TABLES + " tables synced");

            primary.execute("INSERT INTO public.things_300 (owner_id, created_at) VALUES (1, '2026-01-02')");
            cluster.awaitReplicated();
            MiniClusterAssertions.assertThat(copy)
                    .query("SELECT count(*) FROM public.things_300")
                    .hasValue(1);
            MiniClusterAssertions.assertThat(cluster).table("things_1").convergesOn("primary", "copy");
        }
    }
}
