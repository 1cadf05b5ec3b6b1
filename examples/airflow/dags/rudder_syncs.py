"""One task for each sync file: retried when the other side is down, skipped when
another run of the same sync is active (status 75)."""

from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator

PROJECT = Path(__file__).resolve().parent.parent

with DAG(
    "rudder_syncs",
    schedule="@hourly",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
) as dag:
    for sync in sorted(PROJECT.glob("syncs/*.yaml")):
        BashOperator(
            task_id=f"sync_{sync.stem}",
            bash_command=f"rudder run syncs/{sync.name}",
            cwd=str(PROJECT),
            skip_on_exit_code=75,
        )
