package io.baseimage.registry;

/** What happens to a request on its way to a registry, or to the answer. */
public enum Fault {
  NONE,
  TOO_MANY,
  TOO_MANY_UNTIL,
  STATUS_401,
  STATUS_403,
  STATUS_500,
  STATUS_502,
  STATUS_503,
  STATUS_504,
  RESET_BEFORE,
  RESET_WITHIN,
  RESET_AFTER,
  SLOW,
  CUT_OFF,
  DONE_BUT_403,
  DONE_BUT_500,
  DONE_BUT_SLOW,
  OTHER_DIGEST,
  TOKEN_EXPIRED,
  TOKEN_REJECTED,
  UPLOAD_UNKNOWN
}
