"""Pages of calls: for everybody, and the desk's below `/admin/calls/`."""
