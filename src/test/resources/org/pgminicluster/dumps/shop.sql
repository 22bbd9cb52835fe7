--
-- PostgreSQL database dump
--

-- Dumped from database version 10.23
-- Dumped by pg_dump version 10.23

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = off;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET escape_string_warning = off;
SET row_security = off;

DROP DATABASE IF EXISTS shop;
--
-- Name: shop; Type: DATABASE; Schema: -; Owner: shop_admin
--

CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' LC_COLLATE = 'en_US.UTF-8' LC_CTYPE = 'en_US.UTF-8';


ALTER DATABASE shop OWNER TO shop_admin;

\connect shop

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = off;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET escape_string_warning = off;
SET row_security = off;

--
-- Name: plpgsql; Type: EXTENSION; Schema: -; Owner: 
--

CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;


--
-- Name: EXTENSION plpgsql; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';


SET default_tablespace = '';

SET default_with_oids = false;

CREATE TABLE public.categories (
    category_id smallint NOT NULL,
    category_name character varying(15) NOT NULL,
    description text
);


ALTER TABLE public.categories OWNER TO shop_admin;

CREATE TABLE public.customers (
    customer_id character(5) NOT NULL,
    company_name character varying(40) NOT NULL,
    address text
);


ALTER TABLE public.customers OWNER TO shop_admin;

CREATE TABLE public.employees (
    employee_id smallint NOT NULL,
    last_name character varying(20) NOT NULL,
    reports_to smallint
);


ALTER TABLE public.employees OWNER TO shop_admin;

CREATE TABLE public.orders (
    order_id smallint NOT NULL,
    customer_id character(5),
    employee_id smallint,
    order_date date,
    freight real
);


ALTER TABLE public.orders OWNER TO shop_admin;

CREATE TABLE public.products (
    product_id smallint NOT NULL,
    product_name character varying(40) NOT NULL,
    category_id smallint,
    unit_price real,
    discontinued integer DEFAULT 0 NOT NULL
);


ALTER TABLE public.products OWNER TO shop_admin;

CREATE TABLE public.order_details (
    order_id smallint NOT NULL,
    product_id smallint NOT NULL,
    unit_price real NOT NULL,
    quantity smallint NOT NULL
);


ALTER TABLE public.order_details OWNER TO shop_admin;

INSERT INTO public.categories VALUES (1, 'Beverages', 'Soft drinks; coffees, teas, beers, and ales');
INSERT INTO public.categories VALUES (2, 'Condiments', 'Sweet and savory sauces\\; relishes \'as said\' in C:\\dir\\');
INSERT INTO public.categories VALUES (3, 'Grains', E'two\nlines');


INSERT INTO public.customers VALUES ('ALFKI', 'Alfreds Futterkiste', 'Obere Str. 57');
INSERT INTO public.customers VALUES ('BERGS', 'Berglunds snabbköp', 'Berguvsvägen  8');


INSERT INTO public.employees VALUES (2, 'Fuller', NULL);
INSERT INTO public.employees VALUES (1, 'Davolio', 2);


COPY public.orders (order_id, customer_id, employee_id, order_date, freight) FROM stdin;
10248	ALFKI	1	1996-07-04	32.3800011
10249	BERGS	2	1996-07-05	\N
\.


COPY public.products (product_id, product_name, category_id, unit_price, discontinued) FROM stdin;
1	Chai	1	18	1
2	Aniseed Syrup	2	10	0
\.


COPY public.order_details (order_id, product_id, unit_price, quantity) FROM stdin;
10248	1	14	12
10248	2	9.80000019	10
\.


ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (category_id);

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY public.employees
    ADD CONSTRAINT employees_pkey PRIMARY KEY (employee_id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (product_id);

ALTER TABLE ONLY public.order_details
    ADD CONSTRAINT order_details_pkey PRIMARY KEY (order_id, product_id);

ALTER TABLE ONLY public.employees
    ADD CONSTRAINT employees_reports_to_fkey FOREIGN KEY (reports_to) REFERENCES public.employees(employee_id);

ALTER TABLE ONLY public.order_details
    ADD CONSTRAINT order_details_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(order_id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(customer_id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.categories(category_id);

REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC;
GRANT CONNECT ON DATABASE shop TO shop_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.orders TO shop_app;


--
-- PostgreSQL database dump complete
--

