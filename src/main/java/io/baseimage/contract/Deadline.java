package io.baseimage.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How many seconds a check may take, where the common deadline does not suit it. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Deadline {

  /** The deadline of a check that names none. */
  int COMMON = 60;

  int value();
}
