from . import (
    tibillet_daily_totals,
    tibillet_till_archive,
    tibillet_till_archive_form,
    tibillet_till_archive_rows,
)
