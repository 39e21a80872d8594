"""A package that adds to ictindex: the normalization `acme.sigmoid`, the format `acme-tsv` and a scheme."""
