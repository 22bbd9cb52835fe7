package org.pgminicluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One cluster for all tests of a class and of the classes nested in it, instead of one for each test: quicker, but
 * what one test leaves behind the next one finds. It is started when the first test asks for it and closed after the
 * last. {@code @BeforeAll} and {@code @AfterAll} methods may ask for it too. Its topology stands on the class.
 *
 * <p>A nested class that is {@code @Shared} itself has a cluster of its own.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Shared {}
