#!/bin/sh
logger -t hello "the container $(hostname) starts"
