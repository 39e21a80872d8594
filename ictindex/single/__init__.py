"""One unit at a time: what a portal scores while a form is typed, with the same bits as any table."""
