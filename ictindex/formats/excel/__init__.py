"""Excel workbooks: tables and filled cells in, results and tables out."""
