"""Go's text/template with sprig's functions as Cluster API allows them: parsed, run, and explored with unknown values.

`engine.parse(text)` gives a Template: `render(data)` runs it, `explore(data)` runs it for data of which parts are
Unknown, `fields()` names what it reads.
"""
