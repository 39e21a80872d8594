"""The yearly round: what units declare, what the department verifies, what is appealed and what is final.

A round is a list of events, one line each, that is only ever added to. What a track (declared, verified, final) says of
a figure follows from the events of that figure and from nothing else.
"""
