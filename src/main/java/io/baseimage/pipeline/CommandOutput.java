package io.baseimage.pipeline;

/**
 * What a command has left.
 *
 * @param status its exit status
 * @param out what it has written to its standard output
 * @param err what it has written to its standard error
 */
public record CommandOutput(int status, String out, String err) {}
