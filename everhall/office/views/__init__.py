"""Pages of the office. Who may: members of the organisation that the address names; for everybody else it does not exist."""
