"""A year of mobile crisis under two policies, on invented geography: `upstander simulate crisis`.

It compares policies; it is no evidence about any State, site or team.
"""
