CREATE TABLE shared (id int);
