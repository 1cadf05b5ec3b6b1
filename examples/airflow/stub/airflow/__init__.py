"""The little of Airflow that the example needs to run without it."""

tasks = []


class DAG:
    def __init__(self, name, **settings):
        self.name, self.settings = name, settings

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False
