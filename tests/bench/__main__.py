import sys

from tests.bench.client import Job
from tests.bench.floor import measure_floor
from tests.bench.load import percentile, run_load
from tests.bench.product import running_product

with running_product() as p:
    secs = float(sys.argv[1]) if len(sys.argv) > 1 else 4
    for kind, clients in (
        ("post", 8),
        ("post", 1),
        ("post", 8),
        ("both", 8),
        ("post", 32),
        ("get", 8),
    ):
        r = run_load(
            p, Job(port=p.public_port, clients=clients, seconds=secs, most=20000, kind=kind)
        )
        print(
            kind,
            clients,
            f"{r.rate:.0f}/s web {r.cpu_ms('web'):.2f} db {r.cpu_ms('database'):.2f} other {r.cpu_ms('desk', 'worker'):.2f} client {r.client_ms:.2f} p50 {percentile(r.done.post, 0.5) * 1e3:.1f} p99 {percentile(r.done.post, 0.99) * 1e3:.1f}",
            r.done.errors,
            r.done.bytes_in // max(1, r.done.tips),
        )
    for f in measure_floor(p, secs):
        print(f.name, f"{f.rate:.0f}/s cpu {f.cpu_ms:.2f} client {f.client_cpu / f.tips * 1e3:.2f}")
