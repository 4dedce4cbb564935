"""Personal data of the whole house: what is declared where, which fields must be, by which rules it goes, and the job that does it."""
