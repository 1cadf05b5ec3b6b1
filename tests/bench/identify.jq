{type: "identify", userId: (.user_id | tostring), traits: {email, full_name: .name, plan}, context: {sources: {job_id: "m1", task_id: "users"}, mappedToDestination: true}}
