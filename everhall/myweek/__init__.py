"""My week (我的一周): what one person has registered for and kept, by day, and what came of it."""
