# A thin face over the launcher.
VARIANT ?= ubuntu-16.04
NAME ?= baseimage
# Further options of the launcher, for example ARGS='--no-cache --pull'.
ARGS ?=

.PHONY: build release test setup bench clean

export VARIANT NAME

build:
	./baseimage-build build --variant "$$VARIANT" --name "$$NAME" $(ARGS)

# Builds, checks and publishes to NAME, a repository such as joe/baseimage.
release:
	./baseimage-build build --variant "$$VARIANT" --name "$$NAME" --push $(ARGS)

test:
	src/main/sh/setup --for tests
	DOCKER_HOST=$$(./baseimage-build engine start --address) && export DOCKER_HOST && \
		src/main/sh/mvn verify

setup:
	src/main/sh/setup

# BENCH=toolkit, runtime, family, publish or check for one of them; BENCH_IMAGES="a b" for further images.
bench: setup
	DOCKER_HOST=$$(./baseimage-build engine start --address) && export DOCKER_HOST && \
		src/test/sh/bench/run

clean:
	rm -rf target build
