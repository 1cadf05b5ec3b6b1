import airflow


class BashOperator:
    def __init__(self, task_id, bash_command, cwd, skip_on_exit_code=99):
        self.task_id, self.bash_command, self.cwd = task_id, bash_command, cwd
        self.skip_on_exit_code = skip_on_exit_code
        airflow.tasks.append(self)
