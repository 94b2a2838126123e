"""Tables as files that spreadsheets open: CSV and XLSX of the same rows."""

import csv
import io
from datetime import date, datetime

import xlsxwriter

#: A cell that begins so would be run as a formula by the spreadsheet that opens it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(heads, rows):
    """The table with semicolons and a mark of UTF-8, as French spreadsheets expect.

    :rtype: bytes
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(title, heads, rows):
    """The table as one sheet, its first row fixed; numbers stay numbers.

    :rtype: bytes
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        money = book.add_format({"num_format": "0.00"})
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, str(head), bold)
            sheet.set_column(column, column, max(12, min(40, len(str(head)) + 2)))
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, float):
                    sheet.write_number(number, column, cell, money)
                elif isinstance(cell, int) and not isinstance(cell, bool):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_string(number, column, _said(cell))
    return out.getvalue()


def _said(cell):
    if cell is None or cell is False:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return str(cell) if not isinstance(cell, date) else cell.isoformat()


def _text(cell):
    if isinstance(cell, float):
        return f"{cell:.2f}"
    text = _said(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text
