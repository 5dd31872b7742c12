#!/bin/sh
echo "$SHOP_OPENED" > /var/lib/shop/till
exec sleep 1d
