"""Statistics of indicators and groups, as the OECD/JRC handbook asks for them before anyone trusts an index."""
