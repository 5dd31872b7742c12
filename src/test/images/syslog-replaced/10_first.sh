#!/bin/sh
for number in 1 2 3; do
    logger -t first "message $number of the boot"
done
