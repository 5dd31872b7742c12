package io.baseimage.pipeline;

import java.time.Instant;
import java.util.Optional;

/**
 * Where the recipes come from.
 *
 * @param revision the version control's revision of the recipes, with {@code -dirty} where files
 *     differ from it; empty outside version control
 * @param url where the recipes are kept
 * @param date the revision's date, or SOURCE_DATE_EPOCH
 */
public record SourceFacts(Optional<String> revision, String url, Instant date) {}
