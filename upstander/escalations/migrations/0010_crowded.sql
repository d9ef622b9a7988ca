-- A counselor who takes a tip back from junk says that it is a report: it waits behind nobody any more.
GRANT UPDATE (crowded) ON escalations_alert TO upstander_center;
