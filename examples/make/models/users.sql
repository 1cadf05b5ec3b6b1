SELECT id, email, plan FROM users
