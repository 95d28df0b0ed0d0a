"""One row of a table."""


def row(entry, values, *remarks):
    """A row of a cluster: its name, the values, and why some of them are missing.

    Parameters
    ----------
    entry : Entry
    values : {column: value}
    remarks : sentences; empty ones are left out, and each is told once
    """
    told = "; ".join(dict.fromkeys(remark for remark in remarks if remark))
    return {"cluster": entry.name, **values, "remark": told}


def picked(value, columns):
    """Some columns of a property's dict; all None where there is none."""
    return {column: None if value is None else value[column] for column in columns}


def reason(series, entry, name):
    """Why a property is missing; empty where it is there."""
    return "" if series.given(entry, name) is not None else series.reason(entry, name)
