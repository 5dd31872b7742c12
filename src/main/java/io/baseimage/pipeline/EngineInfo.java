package io.baseimage.pipeline;

import io.baseimage.image.Platform;

/**
 * An engine that answered.
 *
 * @param name for example {@code Docker Engine} or {@code Podman Engine}
 * @param version its release
 * @param apiVersion the API version that is spoken with it
 * @param address where it was found, for example {@code unix:///var/run/docker.sock}
 * @param foundBy what led there, for example {@code DOCKER_HOST} or {@code default socket}
 * @param platform what it runs without being asked for another
 */
public record EngineInfo(
    String name,
    String version,
    String apiVersion,
    String address,
    String foundBy,
    Platform platform) {}
