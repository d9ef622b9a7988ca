"""``make bench`` (``python -m tests.bench``): what the product does, and what it costs.

Starts the real product (its own PostgreSQL with fsync, roles, web servers) in a temporary folder on
free ports of this machine, loads it from processes of its own, prints figures and removes it all.
"""

from __future__ import annotations

import argparse
import os
import time
import traceback
from collections.abc import Callable

from tests.bench import machine
from tests.bench.callouts import compare_plans
from tests.bench.cases import LISTS, time_lists
from tests.bench.directory import time_finding
from tests.bench.doors import Provider, measure_paced
from tests.bench.flood import ADDRESSES, measure_flood
from tests.bench.floor import Floor, measure_floor
from tests.bench.fuzz import measure_fuzz
from tests.bench.importing import compare_imports
from tests.bench.intake import CROWD, Intake, measure_crowd, measure_intake
from tests.bench.ledger import time_ledger
from tests.bench.live import measure_screens
from tests.bench.load import percentile
from tests.bench.pages import cookies_for, time_queue, weigh
from tests.bench.paging import compare_paging
from tests.bench.product import BenchFailed, Product, running_product
from tests.bench.proxies import CHAINS, SMUGGLED, measure_proxies
from tests.bench.published import time_published
from tests.bench.referrals import compare_desks
from tests.bench.rows import measure_check, measure_tip
from tests.bench.sealing import measure_sealing
from tests.bench.slow import measure_slow, measure_slow_desk
from tests.fuzzing import summary

_COUNSELOR = "nadia@lakeside.example"
_FIRST_PAGES = ("/report", "/es/report", "/ar/report", "/", "/d/maple-valley")


def intake(product: Product, *, quick: bool) -> None:
    """Tips a second and their cost, beside the floor of the same run."""
    seconds, rounds = (1.5, 1) if quick else (3.0, 3)
    measure_intake(product, "both", 8, seconds=1.5, rounds=1)  # first plans, first pages
    _intake_head()
    post: Intake | None = None
    for kind, name in (("both", "GET and POST"), ("post", "POST alone"), ("get", "GET alone")):
        for clients in (8,) if kind == "get" else (1, 8, 32):
            others = machine.Others()
            found = measure_intake(product, kind, clients, seconds=seconds, rounds=rounds)
            _intake_line(name, found, others)
            if (kind, clients) == ("post", 8):
                post = found
    floors = measure_floor(product, 2 * seconds)
    print("\nthe floor: the same rows by a bare connection, one durable transaction a tip")
    for floor in floors:
        print(f"  {floor.name:24}{floor.rate:8.0f}{'':38}{floor.cpu_ms:11.2f} ms in all")
    if post is not None:
        _verdict(post, min(floors, key=lambda floor: floor.cpu_ms))
    crowd = measure_crowd(product, 400 if quick else 2000)
    wrong = crowd.intake.errors or "none"
    p50, _, p99 = crowd.intake.delays()
    print(
        f"\n{CROWD} posts at once: {crowd.answered} answered with a return code, {crowd.kept} kept,"
        f" errors: {wrong}; p50 {1000 * p50:.0f} ms, p99 {1000 * p99:.0f} ms"
    )


def _intake_head() -> None:
    print(
        f"{'':26}{'tips/s':>8}{'p50 ms':>8}{'p95':>7}{'p99':>7}"
        f"{'web ms':>9}{'database':>10}{'in all':>8}{'client':>8}{'others':>8}"
    )


def _intake_line(name: str, found: Intake, others: machine.Others) -> None:
    ours = sum(run.done.cpu + sum(run.cpu[kind] for kind in run.cpu.seconds) for run in found.runs)
    p50, p95, p99 = (1000 * seconds for seconds in found.delays())
    print(
        f"{name + ', ' + str(found.clients) + ' clients':26}{found.rate:8.0f}{p50:8.1f}{p95:7.1f}"
        f"{p99:7.1f}{found.web_ms:9.2f}{found.database_ms:10.2f}{found.cpu_ms:8.2f}"
        f"{found.client_ms:8.2f}{others.processors(ours):8.2f}"
        + (f"  errors: {found.errors}" if found.errors else "")
    )


def _verdict(post: Intake, floor: Floor) -> None:
    print(
        f"\na tip (POST, 8 clients) costs {post.cpu_ms:.2f} ms of processor time in all "
        f"(target 2.0, ambition 1.2), {post.cpu_ms / floor.cpu_ms:.1f} times the floor "
        f"(target 5, ambition 3)"
    )


def slow(product: Product, *, quick: bool) -> None:
    """Thousands of slow bodies from one place: what others get, and honest phones in that place."""
    sockets = 1_000 if quick else 10_000
    found = measure_slow(product, sockets=sockets, phones=60, seconds=3 if quick else 15)
    p99 = [1000 * percentile(run.done.post, 0.99) for run in (found.before, found.during)]
    wrong = found.during.done.errors or "none"
    print(
        f"{sockets:,} slow bodies from one place; tips of other places: p99 {p99[0]:.1f} ms before,"
        f" {p99[1]:.1f} ms during, {p99[1] / p99[0]:.1f} times (target 2), errors: {wrong};"
        f" {found.kept} of {found.phones} honest phones in that place were kept"
    )
    sockets = 500 if quick else 2_500
    desk = measure_slow_desk(product, sockets=sockets, seconds=3 if quick else 60)
    p50, p99 = ([1000 * percentile(run.done.get, q) for run in desk] for q in (0.5, 0.99))
    print(
        f"{sockets:,} slow bodies from one place at the desk, each back at once; other places' "
        f"pages: p50 {p50[0]:.1f} ms before, {p50[1]:.1f} ms during, {p50[1] / p50[0]:.1f} times; "
        f"p99 {p99[0]:.1f} and {p99[1]:.1f} ms, {p99[1] / p99[0]:.1f} times (target 2 for both); "
        f"errors: {desk[1].done.errors or 'none'}"
    )


def proxies(_product: Product, *, quick: bool) -> None:
    """Requests that could be read in two ways, and made-up chains, through nginx and Caddy."""
    for tried in measure_proxies():
        print(
            f"{tried.proxy}: {tried.sent} requests, {len(SMUGGLED)} that servers read in two ways "
            f"and {len(CHAINS)} made-up chains; {tried.refused} refused, {tried.seen} came "
            f"through, {len(tried.wrong)} with a place or an answer that was not theirs (target 0)"
        )
        for what in tried.wrong:
            print(f"  WRONG {what}")


def weight(product: Product, *, quick: bool) -> None:
    """Bytes and requests of a first visit."""
    print("first load, from nothing (target 20 KB compressed, 3 requests)")
    for path in _FIRST_PAGES[:1] if quick else _FIRST_PAGES:
        found = weigh(product, path)
        print(
            f"  {path:18}{found.body:8,} bytes{found.requests:4} requests"
            f"{found.wire:10,} bytes with headers"
        )


def screens(product: Product, *, quick: bool) -> None:
    """From commit to every open queue page."""
    streams, tips = (50, 10) if quick else (200, 60)
    found = measure_screens(product, streams=streams, tips=tips, per_second=4)
    delays, last = found.delays, found.last
    print(
        f"commit to screen, {found.streams} live streams, {found.tips} tips: p50 "
        f"{1000 * percentile(delays, 0.5):.0f} ms, p99 {1000 * percentile(delays, 0.99):.0f} ms "
        f"(target 250); the last screen of each tip p50 {1000 * percentile(last, 0.5):.0f} ms; "
        f"{found.missed} missed; {1000 * found.cpu['desk'] / found.tips:.0f} ms of the desk's "
        f"processor time a tip"
    )


def queue(product: Product, *, quick: bool) -> None:
    """The desk's queue with few and with very many tips, and what a new tip costs among them."""
    [cookie] = cookies_for(product, _COUNSELOR)
    print("the queue's first page, as a counselor of the real desk (500 tips open)")
    found = []
    for tips in (10_000, 50_000) if quick else (10_000, 1_000_000):
        found.append(time_queue(product, cookie, tips=tips, times=20 if quick else 60))
        print(
            f"  {tips:10,} tips: median {1000 * found[-1].median:.1f} ms, p95 "
            f"{1000 * found[-1].p95:.1f} ms; {found[-1].queries} queries "
            f"({found[-1].statements} statements); filled in {found[-1].load_seconds:.0f} s"
        )
    print(f"  {found[1].median / found[0].median:.2f} times as long (target 1.3)")
    print(f"\na tip among {found[1].tips:,}")
    _intake_head()
    measure_intake(product, "both", 8, seconds=1.5, rounds=1)
    others = machine.Others()
    among = measure_intake(product, "post", 8, seconds=1.5 if quick else 3, rounds=3)
    _intake_line("POST alone", among, others)


def cases(product: Product, *, quick: bool) -> None:
    """A team's lists of cases with few and with very many."""
    [cookie] = cookies_for(product, "miriam@maple.example")
    print("a team's lists of cases, first page, as its lead (all cases are one team's)")
    found = []
    for many in (10_000, 50_000) if quick else (10_000, 1_000_000):
        found.append(time_lists(product, cookie, cases=many, times=15 if quick else 40))
        lists = ", ".join(f"{name} {1000 * found[-1].of[name]:.1f} ms" for name in LISTS)
        print(f"  {many:10,} cases: {lists}; filled in {found[-1].load_seconds:.0f} s")
    ratios = ", ".join(f"{name} {found[1].of[name] / found[0].of[name]:.2f}" for name in LISTS)
    print(f"  times as long (target 1.3): {ratios}")


def directory(product: Product, *, quick: bool) -> None:
    """Finding a service among few and among very many: needs, wishes, a misspelt name."""
    print("finding a service: by need and town; by words, language, age and cost; misspelt")
    found, pages = [], []
    for many in (2_000, 10_000) if quick else (10_000, 100_000):
        found.append(time_finding(product, services=many, times=15 if quick else 40))
        one = found[-1]
        print(
            f"  {one.services:10,} services: "
            + ", ".join(f"{1000 * median:.1f} ms" for median in one.medians)
            + f"; {one.open_now:,} open now, asked of all in {one.open_seconds:.2f} s of a "
            f"processor; filled in "
            f"{one.load_seconds:.0f} s"
        )
        pages.append(time_published(product, times=15 if quick else 40))
        told = ", ".join(f"{name} {1000 * took:.1f} ms" for name, took in pages[-1].items())
        print(f"  {'':10} for programs: {told}")
    ratios = (b / a for a, b in zip(found[0].medians, found[1].medians, strict=True))
    print(f"  times as long (target 1.3): {', '.join(f'{ratio:.2f}' for ratio in ratios)}")
    told = ", ".join(f"{name} {pages[1][name] / took:.2f}" for name, took in pages[0].items())
    print(f"  for programs (target 1.3): {told}")
    compare_imports(product, quick=quick)


def ledger(product: Product, *, quick: bool) -> None:
    """The ledger's page with few and with very many duties, all granted to its reader."""
    [cookie] = cookies_for(product, "cleo@maple.example")
    print("the ledger's first page, as the compliance lead (a year's figures of ten, 200 open)")
    found = []
    for many in (10_000, 50_000) if quick else (10_000, 1_000_000):
        found.append(time_ledger(product, cookie, duties=many, times=20 if quick else 60))
        one = found[-1]
        print(
            f"  {many:10,} duties: median {1000 * one.median:.1f} ms, p95 {1000 * one.p95:.1f} ms; "
            f"{one.queries} statements; with a month counted anew {1000 * one.after_one:.0f} ms, "
            f"with all of them {1000 * one.anew:.0f} ms; filled in {one.load_seconds:.0f} s"
        )
    print(f"  {found[1].median / found[0].median:.2f} times as long (target 1.3)")


def sealing(product: Product, *, quick: bool) -> None:
    """The record: sealing very many entries, and what proofs cost."""
    found = measure_sealing(product, 50_000 if quick else 1_000_000)
    print(
        f"the record: {found.entries:,} entries (written in {found.written:.0f} s) sealed by the "
        f"worker in {found.sealed:.1f} s, {found.entries / found.sealed:,.0f} a second; the tree "
        f"takes {found.tree_bytes / found.entries:.0f} bytes an entry\n"
        f"  an entry is written in {found.alone_ms:.2f} ms before, {found.meanwhile_ms:.2f} ms "
        f"meanwhile (p99 {found.meanwhile_p99_ms:.1f})\n"
        f"  a proof of inclusion: {found.steps} steps, {found.proof_bytes:,} bytes with entry and "
        f"checkpoint, made in {found.proof_ms:.1f} ms, checked by plain Python in "
        f"{found.checked_ms:.0f} ms; of consistency: made in {found.consistency_ms:.1f} ms\n"
        f"  `upstander audit verify` of all of it: {found.verified:.0f} s"
    )


def seal(product: Product, *, quick: bool) -> None:
    """What it costs that the record seals rows: for a tip, and for the check of all of them."""
    cost = measure_tip(product, seconds=1.5 if quick else 3, rounds=2 if quick else 8)
    print(
        f"a tip (POST, 8 clients) costs {cost.bare_ms:.2f} ms of processor time without digests of "
        f"its rows, {cost.sealed_ms:.2f} with them, {cost.sealed_ms / cost.bare_ms:.2f} times "
        f"(target 1.10); in the database {cost.bare_database_ms:.2f} and "
        f"{cost.sealed_database_ms:.2f} ms; {cost.digest_bytes:.0f} bytes a tip"
    )
    found = measure_check(product, 50_000 if quick else 1_000_000)
    print(
        f"{found.tips:,} tips, {found.rows:,} digests: all rows checked in {found.checked:.1f} s, "
        f"{found.checked / found.floor:.1f} times the floor (each row hashed, each digest read, "
        f"once: {found.floor:.1f} s); all sealed anew in {found.sealed:.1f} s"
    )


def flood(product: Product, *, quick: bool) -> None:
    """A flood of "life, now", and two children in it."""
    [cookie] = cookies_for(product, _COUNSELOR)
    found = measure_flood(product, cookie, 90 if quick else 180)
    done = found.flood.done
    print(
        f"{60 * done.tips / done.wall:,.0f} tips a minute that say life, now, from {ADDRESSES:,} "
        f"addresses (target 10,000), for {done.wall:.0f} s; errors: {done.errors or 'none'}; "
        f"{found.waiting:,} pages wait in their lines"
    )
    for child in found.children:
        row = "never" if child.row is None else f"after {child.row:.1f} s"
        paged = "never" if child.paged is None else f"{child.paged:.1f} s after it was due"
        print(
            f"  a tip of {child.who} in other words: answered {child.answered}, its own row on the "
            f"first screen {row} (target 2 s for another school, 60 s for the same), first page "
            f"{paged} (target 5 s for another school)"
        )


def doors(product: Product, *, quick: bool) -> None:
    """Calls and texts at a pace, beside tips of the web in the same run; and what memory they take.

    Targets: none lost; a document within a second, its p99 at most 20 times the web tip.
    """
    provider = Provider(product)
    seconds, calls, texts = (10, 10, 80) if quick else (60, 60, 500)
    measure_intake(product, "post", 1, seconds=1.0, rounds=1)
    web = measure_intake(product, "post", 1, seconds=3.0, rounds=1)
    p50, _, _ = web.delays()
    print(f"a web tip, one after the other: p50 {1000 * p50:.0f} ms")
    before = product.memory()
    for what, channel, count, send in (
        ("calls", "voice", calls, provider.call),
        ("texts", "sms", texts, provider.text),
    ):
        found = measure_paced(product, channel, count, seconds, send)
        p99 = percentile(found.waited, 0.99)
        print(
            f"{count} {what} in {found.wall:.0f} s: {found.tips} tips (of {found.begun}), "
            f"{found.refused} answers but 200; answered in p50 "
            f"{1000 * percentile(found.waited, 0.5):.0f}, p99 {1000 * p99:.0f} ms, "
            f"{p99 / p50:.1f} times the web tip"
        )
    after = product.memory()
    print(
        "memory, MB: "
        + ", ".join(f"{kind} {before[kind]:.0f} → {after[kind]:.0f}" for kind in before)
    )


def fuzz(product: Product, *, quick: bool) -> None:
    """Everybody of the demo, and reporters, send what the pages ask for, and not quite that."""
    found = measure_fuzz(product, requests=3_000 if quick else 100_000, seed=int(time.time()))
    print(
        f"{found.requests:,} requests through the pages' own forms in {found.seconds:.0f} s: "
        f"{sum(found.broken.values())} of them broke (target 0)"
    )
    print(summary(found.visitors))
    for (address, status), count in found.broken.most_common():
        print(f"  BROKE {count} x {status}: {address}")


#: The queue and the record get a system each: filled with so much, nothing else would be itself.
PARTS: dict[str, Callable[..., None]] = {
    "weight": weight,
    "slow": slow,
    "proxies": proxies,
    "intake": intake,
    "screens": screens,
    "queue": queue,
    "sealing": sealing,
    "seal": seal,
    "paging": compare_paging,
    "cases": cases,
    "callouts": compare_plans,
    "ledger": ledger,
    "referrals": compare_desks,
    "directory": directory,
    "flood": flood,
    "doors": doors,
    "fuzz": fuzz,
}


def _broke(name: str, product: Product, *, quick: bool) -> bool:
    """Measure a part; say why where it breaks: the others are measured all the same."""
    try:
        PARTS[name](product, quick=quick)
    except BenchFailed as error:
        print(f"bench: {name} broke: {error}")
    except Exception:  # noqa: BLE001 - whatever it was
        print(f"bench: {name} broke: {traceback.format_exc()}")
    else:
        return False
    return True


def main() -> int:
    """Measure the parts that were asked for, and print. The status says whether all could be."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a minute, for a first look")
    parser.add_argument("--keep", action="store_true", help="leave the data folder")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    begun, failed = time.monotonic(), False
    print(f"{machine.describe()}; load average {os.getloadavg()[0]:.1f}")
    wanted = [name for name in PARTS if not given.parts or name in given.parts]
    filled = PARTS.keys() - {"weight", "slow", "proxies", "intake", "screens", "callouts"}
    groups = [[n for n in wanted if n not in filled], *([n] for n in wanted if n in filled)]
    for group in filter(None, groups):
        with running_product(keep=given.keep) as product:
            for name in group:
                print(f"\n{name}")
                failed |= _broke(name, product, quick=given.quick)
    print(f"\n{time.monotonic() - begun:.0f} s; load average {os.getloadavg()[0]:.1f}")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
