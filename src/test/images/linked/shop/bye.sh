#!/bin/sh
echo "closed after $(ls /var/lib/shop | wc -l) services" > /var/lib/closed
