"""Values of many rows in one text, alike on both databases."""

from typing import Any

from django.db.models import Func, TextField


class Joined(Func):
    """The values of a column, joined by commas, in a subquery."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler, connection, function="STRING_AGG",
            template="%(function)s(%(expressions)s::text, ',')", **extra,
        )
