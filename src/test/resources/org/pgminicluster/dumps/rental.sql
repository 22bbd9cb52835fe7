--
-- PostgreSQL database dump
--

\restrict hJ2k0sExampleKeyOfThisDump9aXq

-- Dumped from database version 12.22
-- Dumped by pg_dump version 17.6

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

--
-- Name: audit; Type: SCHEMA; Schema: -; Owner: rental_owner
--

CREATE SCHEMA audit;


ALTER SCHEMA audit OWNER TO rental_owner;

--
-- Name: year; Type: DOMAIN; Schema: public; Owner: rental_owner
--

CREATE DOMAIN public.year AS integer
	CONSTRAINT year_check CHECK (((VALUE >= 1901) AND (VALUE <= 2155)));


ALTER DOMAIN public.year OWNER TO rental_owner;

--
-- Name: mpaa_rating; Type: TYPE; Schema: public; Owner: rental_owner
--

CREATE TYPE public.mpaa_rating AS ENUM (
    'G',
    'PG',
    'PG-13',
    'it''s; complicated'
);


ALTER TYPE public.mpaa_rating OWNER TO rental_owner;

--
-- Name: _group_concat(text, text); Type: FUNCTION; Schema: public; Owner: rental_owner
--

CREATE FUNCTION public._group_concat(text, text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $_$
SELECT CASE
  WHEN $2 IS NULL THEN $1
  WHEN $1 IS NULL THEN $2
  ELSE $1 || ', ' || $2
END
$_$;


ALTER FUNCTION public._group_concat(text, text) OWNER TO rental_owner;

--
-- Name: last_updated(); Type: FUNCTION; Schema: public; Owner: rental_owner
--

CREATE FUNCTION public.last_updated() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.last_update = '2026-01-01 00:00:00'; -- a fixed one; the row's own
    RETURN NEW;
END $$;


ALTER FUNCTION public.last_updated() OWNER TO rental_owner;

--
-- Name: FUNCTION last_updated(); Type: COMMENT; Schema: public; Owner: rental_owner
--

COMMENT ON FUNCTION public.last_updated() IS 'What a trigger of each table calls; it holds a \ and a
line break.';


--
-- Name: group_concat(text); Type: AGGREGATE; Schema: public; Owner: rental_owner
--

CREATE AGGREGATE public.group_concat(text) (
    SFUNC = public._group_concat,
    STYPE = text
);


ALTER AGGREGATE public.group_concat(text) OWNER TO rental_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: film; Type: TABLE; Schema: public; Owner: rental_owner
--

CREATE TABLE public.film (
    film_id integer NOT NULL,
    title text NOT NULL,
    description text,
    release_year public.year,
    rental_rate numeric(4,2) DEFAULT 4.99 NOT NULL,
    rating public.mpaa_rating DEFAULT 'G'::public.mpaa_rating,
    last_update timestamp without time zone DEFAULT '2026-01-01 00:00:00'::timestamp without time zone NOT NULL,
    special_features text[],
    fulltext tsvector
);


ALTER TABLE public.film OWNER TO rental_owner;

--
-- Name: film_film_id_seq; Type: SEQUENCE; Schema: public; Owner: rental_owner
--

CREATE SEQUENCE public.film_film_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.film_film_id_seq OWNER TO rental_owner;

--
-- Name: film_film_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: rental_owner
--

ALTER SEQUENCE public.film_film_id_seq OWNED BY public.film.film_id;


--
-- Name: payment; Type: TABLE; Schema: public; Owner: rental_owner
--

CREATE TABLE public.payment (
    payment_id integer NOT NULL,
    film_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date date NOT NULL
)
PARTITION BY RANGE (payment_date);


ALTER TABLE public.payment OWNER TO rental_owner;

--
-- Name: payment_2026_01; Type: TABLE; Schema: public; Owner: rental_owner
--

CREATE TABLE public.payment_2026_01 (
    payment_id integer NOT NULL,
    film_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date date NOT NULL
);


ALTER TABLE public.payment_2026_01 OWNER TO rental_owner;

--
-- Name: payment_2026_02; Type: TABLE; Schema: public; Owner: rental_owner
--

CREATE TABLE public.payment_2026_02 (
    payment_id integer NOT NULL,
    film_id integer NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date date NOT NULL
);


ALTER TABLE public.payment_2026_02 OWNER TO rental_owner;

--
-- Name: staff; Type: TABLE; Schema: public; Owner: Rental "Owner"
--

CREATE TABLE public.staff (
    staff_id integer NOT NULL,
    "first Name" text NOT NULL,
    picture bytea,
    note text
);


ALTER TABLE public.staff OWNER TO "Rental ""Owner""";

--
-- Name: film_list; Type: VIEW; Schema: public; Owner: rental_owner
--

CREATE VIEW public.film_list AS
 SELECT film.film_id AS fid,
    film.title,
    public.group_concat((film.rating)::text) AS ratings
   FROM public.film
  GROUP BY film.film_id, film.title;


ALTER TABLE public.film_list OWNER TO rental_owner;

--
-- Name: payment_2026_01; Type: TABLE ATTACH; Schema: public; Owner: rental_owner
--

ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_2026_01 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');


--
-- Name: payment_2026_02; Type: TABLE ATTACH; Schema: public; Owner: rental_owner
--

ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_2026_02 FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');


--
-- Name: film film_id; Type: DEFAULT; Schema: public; Owner: rental_owner
--

ALTER TABLE ONLY public.film ALTER COLUMN film_id SET DEFAULT nextval('public.film_film_id_seq'::regclass);


--
-- Data for Name: film; Type: TABLE DATA; Schema: public; Owner: rental_owner
--

COPY public.film (film_id, title, description, release_year, rental_rate, rating, last_update, special_features, fulltext) FROM stdin;
1	ACADEMY DINOSAUR	A Epic Drama; of a Feminist	2006	0.99	PG	2026-01-01 00:00:00	{Trailers,"Deleted Scenes"}	'academi':1 'dinosaur':2
2	it's $$ quoted	\N	\N	4.99	it's; complicated	2026-01-01 00:00:00	\N	'quot':2
3	back\\slash	tab\there\nnew line -- no comment /* nor this	1901	2.99	\N	2026-01-01 00:00:00	{}	'back':1 'slash':2
4	Ünïcödé 🎬	\\.	2155	2.99	G	2026-01-01 00:00:00	{"\\""}	'unicode':1
\.


--
-- Data for Name: payment_2026_01; Type: TABLE DATA; Schema: public; Owner: rental_owner
--

COPY public.payment_2026_01 (payment_id, film_id, amount, payment_date) FROM stdin;
1	1	5.99	2026-01-14
2	3	0.99	2026-01-31
\.


--
-- Data for Name: payment_2026_02; Type: TABLE DATA; Schema: public; Owner: rental_owner
--

COPY public.payment_2026_02 (payment_id, film_id, amount, payment_date) FROM stdin;
3	4	1.98	2026-02-01
\.


--
-- Data for Name: staff; Type: TABLE DATA; Schema: public; Owner: Rental "Owner"
--

COPY public.staff (staff_id, "first Name", picture, note) FROM stdin;
1	Mike	\\x89504e470d0a5a0a	\N
2	Jon	\N	
\.


--
-- Name: film_film_id_seq; Type: SEQUENCE SET; Schema: public; Owner: rental_owner
--

SELECT pg_catalog.setval('public.film_film_id_seq', 1000, true);


--
-- Name: film film_pkey; Type: CONSTRAINT; Schema: public; Owner: rental_owner
--

ALTER TABLE ONLY public.film
    ADD CONSTRAINT film_pkey PRIMARY KEY (film_id);


--
-- Name: payment payment_pkey; Type: CONSTRAINT; Schema: public; Owner: rental_owner
--

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (payment_id, payment_date);


--
-- Name: payment_2026_01 payment_2026_01_pkey; Type: CONSTRAINT; Schema: public; Owner: rental_owner
--

ALTER TABLE ONLY public.payment_2026_01
    ADD CONSTRAINT payment_2026_01_pkey PRIMARY KEY (payment_id, payment_date);


--
-- Name: payment_2026_02 payment_2026_02_pkey; Type: CONSTRAINT; Schema: public; Owner: rental_owner
--

ALTER TABLE ONLY public.payment_2026_02
    ADD CONSTRAINT payment_2026_02_pkey PRIMARY KEY (payment_id, payment_date);


--
-- Name: staff staff_pkey; Type: CONSTRAINT; Schema: public; Owner: Rental "Owner"
--

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (staff_id);


--
-- Name: film_fulltext_idx; Type: INDEX; Schema: public; Owner: rental_owner
--

CREATE INDEX film_fulltext_idx ON public.film USING gist (fulltext);


--
-- Name: payment_2026_01_pkey; Type: INDEX ATTACH; Schema: public; Owner: rental_owner
--

ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_2026_01_pkey;


--
-- Name: payment_2026_02_pkey; Type: INDEX ATTACH; Schema: public; Owner: rental_owner
--

ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_2026_02_pkey;


--
-- Name: staff staff_note_rule; Type: RULE; Schema: public; Owner: Rental "Owner"
--

CREATE RULE staff_note_rule AS
    ON DELETE TO public.staff
   WHERE (old.note = 'keep; always'::text) DO INSTEAD ( SELECT 1;
 SELECT 2;
);


--
-- Name: film film_fulltext_trigger; Type: TRIGGER; Schema: public; Owner: rental_owner
--

CREATE TRIGGER film_fulltext_trigger BEFORE INSERT OR UPDATE ON public.film FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger('fulltext', 'pg_catalog.english', 'title', 'description');


--
-- Name: film last_updated; Type: TRIGGER; Schema: public; Owner: rental_owner
--

CREATE TRIGGER last_updated BEFORE UPDATE ON public.film FOR EACH ROW EXECUTE FUNCTION public.last_updated();


--
-- Name: payment payment_film_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: rental_owner
--

ALTER TABLE public.payment
    ADD CONSTRAINT payment_film_id_fkey FOREIGN KEY (film_id) REFERENCES public.film(film_id) ON UPDATE CASCADE ON DELETE RESTRICT;


--
-- Name: staff own_rows; Type: POLICY; Schema: public; Owner: Rental "Owner"
--

CREATE POLICY own_rows ON public.staff FOR SELECT TO rental_clerk, "Rental-Reader" USING ((staff_id > 0));


--
-- Name: SCHEMA audit; Type: ACL; Schema: -; Owner: rental_owner
--

GRANT USAGE ON SCHEMA audit TO rental_auditor;


--
-- Name: TABLE film; Type: ACL; Schema: public; Owner: rental_owner
--

GRANT SELECT ON TABLE public.film TO "Rental-Reader";
GRANT SELECT,UPDATE ON TABLE public.film TO rental_clerk WITH GRANT OPTION;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: audit; Owner: rental_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE rental_owner IN SCHEMA audit GRANT SELECT ON TABLES TO rental_auditor;


--
-- PostgreSQL database dump complete
--

\unrestrict hJ2k0sExampleKeyOfThisDump9aXq

