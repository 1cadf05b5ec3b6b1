SELECT id, user_id, total FROM orders
