SELECT id, items FROM carts
