"""Forms: workbooks that units fill in, written from a scheme and read back."""
