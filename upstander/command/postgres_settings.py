"""The embedded PostgreSQL's settings: for a small machine, and with a log that holds no words."""

from __future__ import annotations

import os

from upstander.config.database import PORT

#: What a new data folder is made with (initdb).
NEW_CLUSTER = (
    "--auth",
    "scram-sha-256",
    "--encoding",
    "UTF8",
    "--locale-provider",
    "builtin",
    "--builtin-locale",
    "C.UTF-8",
    "--locale",
    "C",
    "--data-checksums",
)


def settings(*, durable: bool) -> str:
    """Return the lines of postgresql.conf. Without ``durable`` a crash may lose everything."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = max(64, min(1024, memory // 16))
    found = {
        "listen_addresses": "''",
        "port": str(PORT),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "80",
        # Some are kept for whoever is not the public site, whatever it does (command/roles.py).
        "reserved_connections": "30",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "maintenance_work_mem": "64MB",
        "work_mem": "8MB",
        "jit": "off",
        "io_method": "sync",
        "random_page_cost": "1.1",
        "wal_level": "replica" if durable else "minimal",
        "max_wal_senders": "2" if durable else "0",
        "max_wal_size": "1GB",
        "checkpoint_timeout": "10min",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        # The log must hold no words of a reporter: an error quotes the row or the statement, so
        # errors of statements (and what they say in detail) are not logged; clients get them.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_checkpoints": "off",
    }
    if not durable:
        found |= {
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "autovacuum": "off",
        }
    return "".join(f"{name} = {value}\n" for name, value in found.items())
