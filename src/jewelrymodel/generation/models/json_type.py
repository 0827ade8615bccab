from django.db import models
from django.db.models import F, Func


def json_type(field: str) -> Func:
    """What PostgreSQL says that a JSON field holds: object, array, ..."""
    return Func(F(field), function="jsonb_typeof", output_field=models.TextField())
