SELECT id, email, plan FROM customers WHERE plan = 'pro'
