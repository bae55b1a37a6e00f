"""The report on a period: what was asked, what people hold of the answers, and what it took.

`report` reads the log once and gives a frozen `Report`; `html` makes one page of it, and
`write_report` all the files of one reading.
"""

from assistant.reporting.gathering import report
from assistant.reporting.json_form import report_json
from assistant.reporting.page import html
from assistant.reporting.refusals import ReportError
from assistant.reporting.report import Report
from assistant.reporting.writing import Written, write_report

__all__ = ["Report", "ReportError", "Written", "html", "report", "report_json", "write_report"]
