package javax.annotation;

/** Marks generated code. Builds usually take it from jakarta.annotation-api. */
public @interface Generated {
  String[] value();

  String date() default "";

  String comments() default "";
}
