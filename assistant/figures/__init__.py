"""What a report is made of: shares with exact intervals, spreads, tables, drawings, one page.

Nothing here knows what is reported. What stands in a table or beside a bar may be hostile text:
it is text until `page` or `escaping` makes markup of it.
"""
