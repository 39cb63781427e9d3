"""The schema's history, run by `vigied migrate`; written by `vigied migration`."""
