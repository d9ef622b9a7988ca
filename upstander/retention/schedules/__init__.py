"""Schedules: how long what is over is kept, as data. A state is one TOML file beside this one."""

from upstander.retention.schedules.loading import Rule, Schedule, file_key, law_files, schedule_of

__all__ = ["Rule", "Schedule", "file_key", "law_files", "schedule_of"]
